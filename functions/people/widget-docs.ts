/** What the console shows beside the parameters of the widget; its first YAML block fills them in. */
export const WIDGET_DOCS = `## Plumbline
Shows whether the fleet is true to Git, and what is not. It only reads; its buttons call another function.

\`\`\`yaml
page: fleet
\`\`\`

| page | shows |
|---|---|
| \`fleet\` | all clusters and applications, the last commits, problems |
| \`problems\` | every problem once, with what to do |
| \`drift\` | what was changed behind the back of Git |
| \`runs\` | what the last runs did |
| \`/clusters/NAME\` | one cluster |
| \`/clusters/NAME/applications/NAME\` | one application in it |
`;
