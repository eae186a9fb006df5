// Puts the picker beside the page.
import { mount } from "svelte";
import Picker from "./Picker.svelte";

mount(Picker, { target: document.body });
