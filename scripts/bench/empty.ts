// The empty program: what every start-up is divided by.
