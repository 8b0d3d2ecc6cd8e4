package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.Negotiation.Format;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.table.Tables;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.ByteBuilder;
import dev.tiphys.object.encoding.ProtoWriter;
import java.util.List;

/// Writes what a watch tells as frames: JSON documents one after the other, or protobuf messages
/// with their length in front, unless what carries them keeps them apart.
///
/// Threads: one at a time.
final class WatchWriting {

  private static final byte[] JSON_END = {'}', '\n'};

  private final Endpoint endpoint;
  private final Negotiation wanted;
  private final Tables tables;
  private final String includeObject;
  private final boolean inMessages;
  private boolean columnsTold;

  /// @param inMessages whether each frame travels as a message of its own
  WatchWriting(
      Endpoint endpoint,
      Negotiation wanted,
      Tables tables,
      String includeObject,
      boolean inMessages) {
    this.endpoint = endpoint;
    this.wanted = wanted;
    this.tables = tables;
    this.includeObject = includeObject;
    this.inMessages = inMessages;
  }

  /// Whether frames are text.
  boolean isText() {
    return wanted.format() == Format.JSON;
  }

  /// Whether frames can travel together: each says where it ends.
  boolean canJoin() {
    return !inMessages;
  }

  String mediaType() {
    return wanted.format() == Format.JSON
        ? wanted.format().mediaType()
        : wanted.format().mediaType() + ";stream=watch";
  }

  byte[] notice(Notice notice) {
    Stored state = notice.state();
    return state == null ? bookmark(notice.revision(), true) : notice(notice, state);
  }

  private byte[] notice(Notice notice, Stored state) {
    return switch (wanted.shape()) {
      case OBJECT ->
          wanted.format() == Format.PROTOBUF
              ? frame(notice.type(), ObjectEncoder.state(endpoint, state, wanted))
              : notice.frame(state, endpoint, WatchWriting::json);
      case METADATA -> frame(notice.type(), ObjectEncoder.state(endpoint, state, wanted));
      case TABLE -> frame(notice.type(), ObjectEncoder.tree(table(state), wanted.format()));
    };
  }

  /// The columns are told with the first table only.
  private Struct table(Stored state) {
    Struct table =
        tables.of(
            endpoint,
            List.of(state),
            Struct.of("resourceVersion", Long.toString(state.revision())),
            includeObject,
            wanted.shapeVersion());
    Struct shown = columnsTold ? table.without("columnDefinitions") : table;
    columnsTold = true;
    return shown;
  }

  /// A notice as JSON: made once for all watchers of an endpoint.
  private static byte[] json(WatchEvent.Type type, Stored state, Endpoint endpoint) {
    return jsonFrame(type, ObjectEncoder.state(endpoint, state, Negotiation.PLAIN));
  }

  private byte[] frame(WatchEvent.Type type, byte[] object) {
    return wanted.format() == Format.PROTOBUF
        ? protobufFrame(type, object)
        : jsonFrame(type, object);
  }

  private static byte[] jsonFrame(WatchEvent.Type type, byte[] object) {
    ByteBuilder out = new ByteBuilder(object.length + 40);
    out.addAscii("{\"type\":\"" + type + "\",\"object\":");
    boolean newline = object.length > 0 && object[object.length - 1] == '\n';
    out.add(object, 0, newline ? object.length - 1 : object.length);
    out.add(JSON_END);
    return out.toBytes();
  }

  private byte[] protobufFrame(WatchEvent.Type type, byte[] object) {
    ProtoWriter out = new ProtoWriter(object.length + 32);
    int end = out.mark();
    out.bytes(1, object);
    out.message(2, end);
    out.string(1, type.name());
    byte[] message = out.toBytes();
    if (inMessages) {
      return message;
    }
    ByteBuilder framed = new ByteBuilder(message.length + 4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      framed.add(message.length >>> shift);
    }
    framed.add(message);
    return framed.toBytes();
  }

  /// How far the watch has come.
  ///
  /// @param initial whether it has now told all objects that existed at its start
  byte[] bookmark(long revision, boolean initial) {
    StructBuilder metadata = new StructBuilder().add("resourceVersion", Long.toString(revision));
    if (initial) {
      metadata.add("annotations", Struct.of("k8s.io/initial-events-end", "true"));
    }
    Struct mark =
        switch (wanted.shape()) {
          case OBJECT ->
              named(endpoint.served().kind(), endpoint.served().groupVersion().toString());
          case METADATA -> named("PartialObjectMetadata", "meta.k8s.io/" + wanted.shapeVersion());
          case TABLE -> named("Table", "meta.k8s.io/" + wanted.shapeVersion());
        };
    return frame(
        WatchEvent.Type.BOOKMARK,
        ObjectEncoder.tree(mark.with("metadata", metadata.build()), wanted.format()));
  }

  private static Struct named(String kind, String apiVersion) {
    return Struct.of("kind", kind, "apiVersion", apiVersion);
  }

  byte[] error(ApiException reason) {
    return frame(WatchEvent.Type.ERROR, ObjectEncoder.tree(reason.status(), wanted.format()));
  }
}
