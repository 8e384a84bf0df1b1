// Shows the API's description. Kept out of the page, because the page may hold no script.
const place = document.getElementById("api");

// The page has a heading of its own: of the document's head only its text is shown.
const OnlyTheText = (system) => ({
  components: {
    InfoContainer: ({ specSelectors, getComponent }) =>
      system.React.createElement(getComponent("Markdown", true), { source: specSelectors.info().get("description") }),
  },
});

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  plugins: [OnlyTheText],
  deepLinking: false, // its links would stand inside buttons, where no screen reader finds them
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { activated: false },
  validatorUrl: null,
});
