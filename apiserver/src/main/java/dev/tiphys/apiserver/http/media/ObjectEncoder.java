package dev.tiphys.apiserver.http.media;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.http.media.Negotiation.Format;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.ByteBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes objects in the form that a client asked for.
public final class ObjectEncoder {

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private ObjectEncoder() {}

  /// A state of an object, as JSON from bytes that are kept, else from its tree.
  public static byte[] state(Endpoint endpoint, Stored state, Negotiation wanted) {
    if (wanted.shape() == Negotiation.Shape.METADATA) {
      return tree(metadata(endpoint.present(state), wanted.shapeVersion()), wanted.format());
    }
    return wanted.format() == Format.JSON
        ? json(endpoint, state)
        : tree(endpoint.present(state), wanted.format());
  }

  private static byte[] json(Endpoint endpoint, Stored state) {
    byte[] rest = endpoint.json(state);
    byte[] head = head(endpoint);
    byte[] whole = Arrays.copyOf(head, head.length + rest.length);
    System.arraycopy(rest, 1, whole, head.length, rest.length - 1);
    whole[whole.length - 1] = '\n';
    return whole;
  }

  /// An object's JSON as it stands in a list: objects of built-in kinds leave out what they are.
  ///
  /// @param untyped the object's JSON without apiVersion and kind
  public static byte[] item(Endpoint endpoint, byte[] untyped) {
    return switch (endpoint.served().schema()) {
      case Type _ -> untyped;
      case StructuralSchema _ -> {
        byte[] head = head(endpoint);
        byte[] whole = Arrays.copyOf(head, head.length + untyped.length - 1);
        System.arraycopy(untyped, 1, whole, head.length, untyped.length - 1);
        yield whole;
      }
    };
  }

  /// What an object's JSON begins with: its kind and apiVersion, and the comma behind them. The
  /// fields of custom objects are in the order of their names.
  public static byte[] head(Endpoint endpoint) {
    String kind = "\"kind\":\"" + endpoint.served().kind() + "\"";
    String apiVersion = "\"apiVersion\":\"" + endpoint.served().groupVersion() + "\"";
    String head =
        switch (endpoint.served().schema()) {
          case Type _ -> "{" + kind + "," + apiVersion + ",";
          case StructuralSchema _ -> "{" + apiVersion + "," + kind + ",";
        };
    return head.getBytes(StandardCharsets.UTF_8);
  }

  /// A tree with apiVersion and kind.
  public static byte[] tree(Struct tree, Format format) {
    return switch (format) {
      case JSON -> {
        ByteBuilder out = new ByteBuilder(512);
        out.addAscii("{\"kind\":" + Json.text(tree.string("kind")));
        if (tree.has("apiVersion")) {
          out.addAscii(",\"apiVersion\":" + Json.text(tree.string("apiVersion")));
        }
        Type type = type(tree.string("apiVersion"), tree.string("kind"));
        byte[] rest = Stored.untyped(tree, type == null ? null : type.order());
        if (rest.length > 2) {
          out.add(',');
        }
        out.add(rest, 1, rest.length - 1);
        out.add('\n');
        yield out.toBytes();
      }
      case YAML -> Yaml.text(tree).getBytes(StandardCharsets.UTF_8);
      case PROTOBUF -> {
        Type type = type(tree.string("apiVersion"), tree.string("kind"));
        yield type == null
            ? tree(tree, Format.JSON)
            : ProtobufCodec.encode(tree, tree.string("apiVersion"), tree.string("kind"), type);
      }
    };
  }

  /// An object of which only the metadata is shown.
  public static Struct metadata(Struct object, String version) {
    return new StructBuilder()
        .add("kind", "PartialObjectMetadata")
        .add("apiVersion", "meta.k8s.io/" + version)
        .add("metadata", object.struct("metadata"))
        .build();
  }

  /// The type of a kind, or null if it is not a built-in one.
  public static @Nullable Type type(String apiVersion, String kind) {
    GroupVersion version = GroupVersion.parse(apiVersion);
    boolean discovery =
        (apiVersion.equals("v1") && kind.startsWith("API")) || kind.equals("APIVersions");
    if (discovery || kind.equals("Status") || kind.startsWith("PartialObjectMetadata")) {
      return TypeTable.BUILT_IN.find(META + kind);
    }
    return TypeTable.BUILT_IN.ofKind(version, kind);
  }
}
