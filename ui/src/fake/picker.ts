// Puts the picker beside the page.
import { mount } from "svelte";
import Picker from "./ScenarioPicker.svelte";

mount(Picker, { target: document.body });
