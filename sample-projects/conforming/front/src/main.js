const form = document.querySelector("#recherche");
const results = document.querySelector("#resultats");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  const response = await fetch(`/api/aides?${query}`);
  const { aides } = await response.json();
  results.replaceChildren(
    ...aides.map(({ intitule, organisme }) => {
      const item = document.createElement("li");
      item.textContent = `${intitule} (${organisme})`;
      return item;
    })
  );
  results.setAttribute("aria-busy", "false");
});
