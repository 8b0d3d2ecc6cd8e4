package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.List;
import java.util.Optional;

/// Finds what policies are set with.
///
/// @param lookup where objects are
/// @param forms in which versions
record Params(Lookup lookup, Forms forms) {

  /// They can't be had.
  static final class MissingException extends Exception {
    private static final long serialVersionUID = 1;

    MissingException(String message) {
      super(message);
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /// What a policy is evaluated with, once for each: empty for nothing, if it needs nothing.
  ///
  /// @param namespace of the request; empty if it has none
  /// @throws MissingException if there must be some and are none; the message says why, in
  ///   upstream's words
  List<Optional<Struct>> of(Struct policy, Struct reference, String namespace)
      throws MissingException {
    if (!policy.has("paramKind") || reference.isEmpty()) {
      return List.of(Optional.empty());
    }
    Struct kind = policy.struct("paramKind");
    GroupVersion version = GroupVersion.parse(kind.string("apiVersion"));
    Resource resource = forms.ofKind(version, kind.string("kind"));
    if (resource == null) {
      throw new MissingException(
          "failed to find resource referenced by paramKind: '"
              + version
              + ", Kind="
              + kind.string("kind")
              + "'");
    }
    List<Optional<Struct>> found =
        find(resource, reference, place(resource, reference, namespace)).stream()
            .map(Optional::of)
            .toList();
    if (found.isEmpty() && reference.string("parameterNotFoundAction").equals("Deny")) {
      throw new MissingException(
          "no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return found;
  }

  private static String place(Resource resource, Struct reference, String namespace)
      throws MissingException {
    String named = reference.string("namespace");
    if (!resource.namespaced()) {
      if (!named.isEmpty()) {
        throw new MissingException(
            "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
      }
      return "";
    }
    if (named.isEmpty() && namespace.isEmpty()) {
      throw new MissingException(
          "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }
    return named.isEmpty() ? namespace : named;
  }

  private List<Struct> find(Resource resource, Struct reference, String namespace) {
    String name = reference.string("name");
    List<Struct> stored;
    if (name.isEmpty()) {
      LabelSelector selector = LabelSelector.from(reference.struct("selector"));
      stored =
          lookup.list(resource.group(), resource.plural(), namespace).stream()
              .filter(each -> selector.matches(each.struct("metadata", "labels")))
              .toList();
    } else {
      Struct one = lookup.find(resource.group(), resource.plural(), namespace, name);
      stored = one == null ? List.of() : List.of(one);
    }
    return stored.stream().map(each -> inVersion(each, resource)).toList();
  }

  private Struct inVersion(Struct object, Resource wanted) {
    String version = object.string("apiVersion");
    return version.equals(wanted.groupVersion().toString())
        ? object
        : forms.equivalents(wanted).stream()
            .filter(each -> each.groupVersion().toString().equals(version))
            .findFirst()
            .map(from -> forms.convert(object, from, wanted))
            .orElse(object);
  }
}
