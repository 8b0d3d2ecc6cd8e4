package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.defaults.Defaults;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;
import java.util.function.Function;

/// From a tree that a client sent to an object of a kind: the right kind, its fields normalized,
/// its defaults filled in.
public final class Decoding {

  /// What upstream reads first of an object, as its messages name it.
  public static final String TYPE_META =
      "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\";"
          + " Kind string \"json:\\\"kind,omitempty\\\"\" }";

  private Decoding() {}

  /// An object of `resource`, in the version asked for.
  ///
  /// @param findings what was already found wrong with the tree
  public static Struct object(
      Call call, Struct tree, Resource resource, FieldValidation.Findings findings) {
    Struct typed =
        ofKind(call, tree, resource.groupVersion(), resource.kind(), resource.schema(), findings);
    return Defaults.apply(resource, typed);
  }

  /// An object of a kind that is no resource: a Binding, a Scale, DeleteOptions.
  public static Struct ofKind(
      Call call,
      Struct tree,
      GroupVersion groupVersion,
      String kind,
      Schema schema,
      FieldValidation.Findings findings) {
    switch (schema) {
      case Type _ -> {
        String problem = kindProblem(tree, groupVersion, kind);
        if (!problem.isEmpty()) {
          throw ApiException.badRequest(context(tree, groupVersion, kind) + problem);
        }
      }
      case StructuralSchema _ -> checkCustomKind(tree, groupVersion, kind);
    }
    if (!isNamed(tree.string("apiVersion"), groupVersion.toString())) {
      throw ApiException.badRequest(
          "the API version in the data ("
              + tree.string("apiVersion")
              + ") does not match the expected API version ("
              + groupVersion
              + ")");
    }
    return normalized(
        call,
        named(tree, groupVersion, kind),
        Struct.EMPTY,
        schema,
        findings,
        text -> ApiException.badRequest(context(tree, groupVersion, kind) + text),
        e -> String.valueOf(e.getMessage()));
  }

  /// Custom objects must say what they are.
  private static void checkCustomKind(Struct tree, GroupVersion groupVersion, String kind) {
    String given = tree.string("kind");
    if (given.isEmpty()) {
      throw ApiException.badRequest(
          "the object provided is unrecognized (must be of type "
              + kind
              + "): Object 'Kind' is missing in '"
              + Json.text(tree)
              + "'");
    }
    if (!given.equals(kind)) {
      FieldErrors errors = new FieldErrors();
      errors.add(
          new FieldError(
              FieldError.Type.INVALID, "kind", FieldError.quoted(given), "must be " + kind));
      GroupKind groupKind = new GroupKind(groupVersion.group(), kind);
      throw Invalid.refusal(groupKind, tree.string("metadata", "name"), errors);
    }
  }

  /// What upstream says of a tree that is of another kind than the expected one; empty if it is of
  /// that one, in whatever version.
  static String kindProblem(Struct tree, GroupVersion groupVersion, String kind) {
    String apiVersion = tree.string("apiVersion");
    String given = tree.string("kind");
    if (isNamed(apiVersion, groupVersion.toString()) && isNamed(given, kind)) {
      return "";
    }
    GroupVersion givenVersion =
        apiVersion.isEmpty() ? groupVersion : GroupVersion.parse(apiVersion);
    String givenKind = given.isEmpty() ? kind : given;
    if (!isKnown(givenVersion, givenKind)) {
      return "no kind \""
          + givenKind
          + "\" is registered for version \""
          + givenVersion
          + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"";
    }
    if (givenKind.equals(kind) && hub(givenVersion).equals(hub(groupVersion))) {
      return "";
    }
    return "converting ("
        + givenVersion.version()
        + "."
        + givenKind
        + ") to ("
        + hub(groupVersion)
        + "."
        + kind
        + "): unknown conversion";
  }

  private static boolean isNamed(String given, String expected) {
    return given.isEmpty() || given.equals(expected);
  }

  private static boolean isKnown(GroupVersion groupVersion, String kind) {
    return TypeTable.BUILT_IN.ofKind(groupVersion, kind) != null
        || (groupVersion.toString().equals("v1") && kind.equals("List"));
  }

  /// What upstream calls the form that all versions of a group are converted to.
  private static String hub(GroupVersion groupVersion) {
    String group = groupVersion.group();
    if (group.isEmpty() || group.equals("events.k8s.io")) {
      return "core";
    }
    int dot = group.indexOf('.');
    return dot < 0 ? group : group.substring(0, dot);
  }

  /// The tree with its kind filled in where it was left out.
  static Struct named(Struct tree, GroupVersion groupVersion, String kind) {
    if (!tree.string("apiVersion").isEmpty() && !tree.string("kind").isEmpty()) {
      return tree;
    }
    return StructBuilder.from(tree)
        .add("apiVersion", groupVersion.toString())
        .add("kind", kind)
        .build();
  }

  /// The tree in the form of its schema.
  ///
  /// @param normal what the tree was made from; empty if that has no normal form
  /// @param refusal makes a refusal of a text
  /// @param wording the text that tells of a value of the wrong type
  static Struct normalized(
      Call call,
      Struct tree,
      Struct normal,
      Schema schema,
      FieldValidation.Findings findings,
      Function<String, ApiException> refusal,
      Function<DecodingException, String> wording) {
    try {
      Struct normalized = schema.normalize(withReset(tree), normal, findings::unknown);
      findings.settle(call, refusal);
      return normalized;
    } catch (DecodingException e) {
      throw refusal.apply(wording.apply(e));
    }
  }

  /// The tree with a single empty entry in place of a list of managers that is empty: both take the
  /// managers away, but the normal form does not show that there was an empty list.
  private static Struct withReset(Struct tree) {
    return List.of().equals(tree.get("metadata", "managedFields"))
        ? tree.withAt(List.of(Struct.EMPTY), "metadata", "managedFields")
        : tree;
  }

  private static String context(Struct tree, GroupVersion groupVersion, String kind) {
    String given = tree.string("kind");
    String apiVersion = tree.string("apiVersion");
    GroupVersion version = apiVersion.isEmpty() ? groupVersion : GroupVersion.parse(apiVersion);
    return (given.isEmpty() ? kind : given)
        + " in version \""
        + version.version()
        + "\" cannot be handled as a "
        + kind
        + ": ";
  }
}
