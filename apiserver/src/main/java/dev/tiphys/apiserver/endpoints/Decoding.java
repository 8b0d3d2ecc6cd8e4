package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.ApiException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Normalizer;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.defaults.Defaults;

/// From a tree that a client sent to an object of a kind: the right kind, its fields normalized,
/// its defaults filled in.
public final class Decoding {

  private Decoding() {}

  /// An object of `resource`, in the version asked for.
  ///
  /// @param findings what was already found wrong with the tree
  public static Struct object(
      Call call, Struct tree, Resource resource, FieldValidation.Findings findings) {
    Struct typed =
        normalized(
            call,
            named(tree, resource.groupVersion(), resource.kind()),
            resource.type(),
            resource.groupVersion(),
            resource.kind(),
            findings);
    return Defaults.apply(resource, typed);
  }

  /// An object of a kind that is no resource: a Binding, a Scale, DeleteOptions.
  public static Struct ofKind(
      Call call,
      Struct tree,
      GroupVersion groupVersion,
      String kind,
      Type type,
      FieldValidation.Findings findings) {
    return normalized(call, named(tree, groupVersion, kind), type, groupVersion, kind, findings);
  }

  /// The tree with its kind filled in where it was left out; refused if it is of another one.
  private static Struct named(Struct tree, GroupVersion groupVersion, String kind) {
    String apiVersion = tree.string("apiVersion");
    String given = tree.string("kind");
    if (!given.isEmpty() && !given.equals(kind)) {
      throw ApiException.badRequest(
          given
              + " in version \""
              + GroupVersion.parse(apiVersion).version()
              + "\" cannot be handled as a "
              + kind
              + ": converting ("
              + apiVersion
              + "."
              + given
              + ") to ("
              + groupVersion
              + "."
              + kind
              + "): unknown conversion");
    }
    if (!apiVersion.isEmpty() && !apiVersion.equals(groupVersion.toString())) {
      throw ApiException.badRequest(
          "the API version in the data ("
              + apiVersion
              + ") does not match the expected API version ("
              + groupVersion
              + ")");
    }
    if (!apiVersion.isEmpty() && !given.isEmpty()) {
      return tree;
    }
    return StructBuilder.from(tree)
        .add("apiVersion", groupVersion.toString())
        .add("kind", kind)
        .build();
  }

  private static Struct normalized(
      Call call,
      Struct tree,
      Type type,
      GroupVersion groupVersion,
      String kind,
      FieldValidation.Findings findings) {
    String context =
        kind
            + " in version \""
            + groupVersion.version()
            + "\" cannot be handled as a "
            + kind
            + ": ";
    try {
      Struct normalized = Normalizer.normalize(tree, type, findings::unknown);
      findings.settle(call, context);
      return normalized;
    } catch (DecodingException e) {
      throw ApiException.badRequest(context + e.getMessage());
    }
  }
}
