package dev.tiphys.apiserver.http;

import dev.tiphys.schema.GroupVersion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a request's path names.
public sealed interface RequestPath {

  /// A resource, one of its objects, or something below that.
  ///
  /// @param groupVersion the group and version
  /// @param plural the resource
  /// @param namespace empty for none, or for all
  /// @param name empty for the collection
  /// @param subresource what lies below the object; empty for itself
  /// @param rest the path below the subresource, as a proxied request has one
  /// @param watch whether the path itself asks for a watch, as paths of old did
  record OfResource(
      GroupVersion groupVersion,
      String plural,
      String namespace,
      String name,
      String subresource,
      String rest,
      boolean watch)
      implements RequestPath {}

  /// Anything else, such as `/version`.
  record OfServer(String path) implements RequestPath {}

  /// Reads a path as it was sent.
  static RequestPath parse(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        parts.add(
            part.indexOf('%') < 0
                ? part
                : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    if (parts.size() >= 3 && parts.getFirst().equals("api")) {
      return resource(new GroupVersion("", parts.get(1)), parts.subList(2, parts.size()));
    }
    if (parts.size() >= 4 && parts.getFirst().equals("apis")) {
      return resource(new GroupVersion(parts.get(1), parts.get(2)), parts.subList(3, parts.size()));
    }
    return new OfServer(path);
  }

  private static RequestPath resource(GroupVersion groupVersion, List<String> path) {
    boolean watch = path.size() > 1 && path.getFirst().equals("watch");
    List<String> parts = watch ? path.subList(1, path.size()) : path;
    String namespace = "";
    if (parts.getFirst().equals("namespaces") && parts.size() > 1) {
      boolean ofNamespace =
          parts.size() == 2
              || (parts.size() == 3
                  && (parts.get(2).equals("status") || parts.get(2).equals("finalize")));
      namespace = parts.get(1);
      if (!ofNamespace) {
        parts = parts.subList(2, parts.size());
      }
    }
    return new OfResource(
        groupVersion,
        parts.getFirst(),
        parts.getFirst().equals("namespaces") ? "" : namespace,
        parts.size() > 1 ? parts.get(1) : "",
        parts.size() > 2 ? parts.get(2) : "",
        parts.size() > 3 ? String.join("/", parts.subList(3, parts.size())) : "",
        watch);
  }
}
