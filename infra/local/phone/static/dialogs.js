// The two dialogs: a phone's name and number, and the list of trouble numbers.

import { request } from "./wire.js";

const dialog = document.querySelector("#phone-dialog");
const form = dialog.querySelector("form");
const problem = dialog.querySelector(".problem");
const remove = dialog.querySelector("[data-remove]");
let editing = null;
let showAdded = () => {};

export function openPhoneDialog(phone) {
  editing = phone;
  dialog.querySelector("h2").textContent = phone ? "Change phone" : "Add phone";
  remove.hidden = !phone;
  problem.hidden = true;
  form.elements.name.value = phone?.name ?? "";
  form.elements.number.value = phone?.number ?? "";
  dialog.showModal();
  form.elements.name.select();
}

async function apply(call) {
  try {
    const phone = await call();
    dialog.close();
    if (phone && !editing) showAdded(phone.number);
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
}

function save() {
  const wanted = { name: form.elements.name.value, number: form.elements.number.value };
  if (!editing) return request("POST", "/phones", wanted);
  return request("PATCH", `/phones/${encodeURIComponent(editing.number)}`, wanted);
}

export function setUpDialogs(onAdded) {
  showAdded = onAdded;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply(save);
  });
  remove.addEventListener("click", () => {
    apply(() => request("DELETE", `/phones/${encodeURIComponent(editing.number)}`));
  });
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  document.querySelector("[data-add-phone]").addEventListener("click", () => openPhoneDialog(null));
  const troubles = document.querySelector("#troubles-dialog");
  const open = document.querySelector("[data-open-troubles]");
  open.addEventListener("click", () => troubles.showModal());
  troubles.querySelector("[data-close]").addEventListener("click", () => troubles.close());
}
