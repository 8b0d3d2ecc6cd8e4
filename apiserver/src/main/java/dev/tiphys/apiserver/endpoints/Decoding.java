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
import java.util.function.Function;

/// From a tree that a client sent to an object of a kind: the right kind, its fields normalized,
/// its defaults filled in.
public final class Decoding {

  private Decoding() {}

  /// An object of `resource`, in the version asked for.
  ///
  /// @param findings what was already found wrong with the tree
  public static Struct object(
      Call call, Struct tree, Resource resource, FieldValidation.Findings findings) {
    GroupVersion version = resource.groupVersion();
    Struct typed =
        normalized(
            call,
            named(tree, version, resource.kind()),
            resource.type(),
            findings,
            text -> ApiException.badRequest(context(resource.kind(), version) + text));
    return Defaults.apply(resource, typed);
  }

  /// An object of `resource` that a patch made.
  static Struct patched(
      Call call,
      Struct tree,
      Resource resource,
      FieldValidation.Findings findings,
      Function<String, ApiException> refusal) {
    Struct named = named(tree, resource.groupVersion(), resource.kind());
    return Defaults.apply(resource, normalized(call, named, resource.type(), findings, refusal));
  }

  /// An object of a kind that is no resource: a Binding, a Scale, DeleteOptions.
  public static Struct ofKind(
      Call call,
      Struct tree,
      GroupVersion groupVersion,
      String kind,
      Type type,
      FieldValidation.Findings findings) {
    return normalized(
        call,
        named(tree, groupVersion, kind),
        type,
        findings,
        text -> ApiException.badRequest(context(kind, groupVersion) + text));
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
      FieldValidation.Findings findings,
      Function<String, ApiException> refusal) {
    try {
      Struct normalized = Normalizer.normalize(tree, type, findings::unknown);
      findings.settle(call, refusal);
      return normalized;
    } catch (DecodingException e) {
      throw refusal.apply(String.valueOf(e.getMessage()));
    }
  }

  private static String context(String kind, GroupVersion groupVersion) {
    return kind
        + " in version \""
        + groupVersion.version()
        + "\" cannot be handled as a "
        + kind
        + ": ";
  }
}
