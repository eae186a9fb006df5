// Wires the page: backend, model, first component.
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { openBackend } from "./backend";
import { Model } from "./model.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has the element #app");

const model = new Model(await openBackend());
mount(App, { target, props: { model } });
void model.start();
