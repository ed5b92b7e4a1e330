export default function (config) {
  config.addPassthroughCopy("content/blog/cover.png");
  return { dir: { input: "content", includes: "../_includes", data: "../_data" } };
}
