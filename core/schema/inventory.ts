// What an inventory of tools says of each (spec 02, section 6.11): it is a list of these, or an object with such a list.
import { listOf, object, term } from "../base/shape.ts";

export const InventoryItemShape = object("What is known of one tool", () => ({
  tool_name: term("The tool; an item without one is passed over"),
  data_class: term("Class of the data that it reaches"),
  endpoint_class: term("What it does to what it touches"),
  autonomy_level: term("How freely it is used"),
}));

export const InventoryListShape = listOf(InventoryItemShape, "The tools");

export const InventoryShape = object("What is known of the tools of an agent", () => ({ items: InventoryListShape }));
