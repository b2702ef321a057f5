// What a reminder says where the server's own words did not come through.
import { N_ } from "../language.js";

export const REMINDER = { title: N_("Training"), words: N_("You have training due. Open to see.") };
