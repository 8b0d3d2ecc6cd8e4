package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.registry.ListPage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.http.Body;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/// A list as JSON, put together from the JSON of its objects.
///
/// A small one is made in memory and sent with its length; the JSON of its objects is kept for the
/// next reader. One that comes to be large is sent while it is made, as fast as the client reads:
/// then no more than [#IN_MEMORY] of it are in memory, and nothing new is kept.
///
/// Threads: one.
final class JsonList {

  /// From how many bytes on a list is streamed.
  static final int IN_MEMORY = 16 << 20;

  private static final byte[] END = "]}\n".getBytes(StandardCharsets.US_ASCII);

  private final Endpoint endpoint;
  private final ListPage page;

  JsonList(Endpoint endpoint, ListPage page) {
    this.endpoint = endpoint;
    this.page = page;
  }

  /// Sends the list.
  ///
  /// @throws IOException if the client has gone, or reads nothing
  void send(ResponseWriter response, String mediaType, List<String> warnings) throws IOException {
    Body.Builder start = new Body.Builder().add(head());
    Iterator<Stored> items = page.items().iterator();
    boolean first = true;
    while (items.hasNext() && start.length() < IN_MEMORY) {
      if (!first) {
        start.add(',');
      }
      start.add(ObjectEncoder.item(endpoint, endpoint.json(items.next())));
      first = false;
    }
    if (!items.hasNext()) {
      response.sendLarge(200, mediaType, start.add(END).build(), warnings);
      return;
    }
    OutputStream out = response.streamLarge(mediaType, warnings);
    start.build().drainTo(out);
    while (items.hasNext()) {
      out.write(',');
      out.write(ObjectEncoder.item(endpoint, endpoint.jsonOnce(items.next())));
    }
    out.write(END);
    out.close(); // only here: what fails before must not look complete
  }

  private byte[] head() {
    String head =
        "{\"kind\":\""
            + endpoint.served().kind()
            + "List\",\"apiVersion\":\""
            + endpoint.served().groupVersion()
            + "\",\"metadata\":"
            + Json.text(ListWriting.metadata(page))
            + ",\"items\":[";
    return head.getBytes(StandardCharsets.UTF_8);
  }
}
