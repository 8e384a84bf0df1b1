// Shows the API's description. Kept out of the page, because the page may hold no script.
const place = document.getElementById("api");
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: false, // its links would stand inside buttons, where no screen reader finds them
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { activated: false },
  validatorUrl: null,
});
