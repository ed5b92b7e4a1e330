/* A worker for a site that is opened from a disk, where browsers start none: the same script in a hidden frame.
   Material's search, which looks for the name IFrameWorker, starts it as it would start a worker. */
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.inner = frame.contentWindow;
      this.inner.document.open();
      this.inner.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const script = this.inner.document.createElement("script");
      script.src = new URL(url, document.baseURI).href;
      /* What is told it before it listens would be lost. */
      this.ready = new Promise((resolve) => script.addEventListener("load", resolve));
      this.inner.document.append(this.inner.document.createElement("html"));
      this.inner.document.documentElement.append(script);
      this.inner.document.close();
    }

    postMessage(data) {
      this.ready.then(() => this.inner.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.inner.frameElement.remove();
    }
  };
  window.Worker = window.IFrameWorker;
}
