package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.Negotiation.Shape;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.registry.ListPage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.ProtoWriter;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Encodes lists whole, in any form; [JsonList] is the quicker way for the most common one.
final class ListWriting {

  private static final Type LIST_META =
      TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");

  private ListWriting() {}

  static Body list(Endpoint endpoint, ListPage page, Negotiation wanted) {
    if (wanted.shape() == Shape.METADATA) {
      return metadata(endpoint, page, wanted);
    }
    return switch (wanted.format()) {
      case JSON, YAML -> Body.of(ObjectEncoder.tree(tree(endpoint, page), wanted.format()));
      case PROTOBUF ->
          switch (endpoint.served().schema()) {
            case Type type -> Body.of(protobuf(endpoint, page, type));
            case StructuralSchema _ ->
                throw new IllegalStateException("negotiation refuses protobuf of custom objects");
          };
    };
  }

  /// `metadata` of a list.
  static Struct metadata(ListPage page) {
    StructBuilder metadata =
        new StructBuilder()
            .add("resourceVersion", Long.toString(page.revision()))
            .addUnlessEmpty("continue", page.continueToken());
    if (page.remaining() > 0) {
      metadata.add("remainingItemCount", page.remaining());
    }
    return metadata.build();
  }

  private static Struct tree(Endpoint endpoint, ListPage page) {
    List<Object> items = new ArrayList<>(page.items().size());
    for (Stored state : page.items()) {
      Struct object = endpoint.present(state);
      items.add(
          switch (endpoint.served().schema()) {
            case Type _ -> object.without("kind").without("apiVersion");
            case StructuralSchema _ -> object;
          });
    }
    return new StructBuilder()
        .add("kind", endpoint.served().kind() + "List")
        .add("apiVersion", endpoint.served().groupVersion().toString())
        .add("metadata", metadata(page))
        .add("items", List.copyOf(items))
        .build();
  }

  private static Body metadata(Endpoint endpoint, ListPage page, Negotiation wanted) {
    List<Object> items = new ArrayList<>(page.items().size());
    for (Stored state : page.items()) {
      items.add(ObjectEncoder.metadata(endpoint.present(state), wanted.shapeVersion()));
    }
    Struct list =
        new StructBuilder()
            .add("kind", "PartialObjectMetadataList")
            .add("apiVersion", "meta.k8s.io/" + wanted.shapeVersion())
            .add("metadata", metadata(page))
            .add("items", List.copyOf(items))
            .build();
    return Body.of(ObjectEncoder.tree(list, wanted.format()));
  }

  /// Every list's message has its metadata as field 1 and its objects as field 2.
  private static byte[] protobuf(Endpoint endpoint, ListPage page, Type type) {
    ProtoWriter out = new ProtoWriter(256 * (page.items().size() + 1));
    out.string(4, "");
    out.string(3, "");
    int end = out.mark();
    List<Stored> items = page.items();
    for (int i = items.size() - 1; i >= 0; i--) {
      out.bytes(2, ProtobufCodec.encodeMessage(endpoint.present(items.get(i)), type));
    }
    out.bytes(1, ProtobufCodec.encodeMessage(metadata(page), LIST_META));
    out.message(2, end);
    int typeMeta = out.mark();
    out.string(2, endpoint.served().kind() + "List");
    out.string(1, endpoint.served().groupVersion().toString());
    out.message(1, typeMeta);
    out.raw("k8s\0".getBytes(StandardCharsets.US_ASCII));
    return out.toBytes();
  }
}
