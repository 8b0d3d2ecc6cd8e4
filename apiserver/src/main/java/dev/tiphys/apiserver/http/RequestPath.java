package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.schema.GroupVersion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a request's path names.
public sealed interface RequestPath {

  /// A resource, one of its objects, or something below that.
  ///
  /// @param subject what the request is about
  /// @param rest the path below the subresource, as a proxied request has one
  /// @param watch whether the path itself asks for a watch, as paths of old did
  record OfResource(Subject.OfResource subject, String rest, boolean watch) implements RequestPath {

    /// Whether the request is to be passed on to what answers for an object.
    boolean isProxied() {
      return subject.subresource().equals("proxy");
    }
  }

  /// Anything else, such as `/version`.
  record OfServer(String path) implements RequestPath {}

  /// Something that is no path at all.
  record Malformed() implements RequestPath {}

  /// Reads a path as it was sent.
  static RequestPath parse(String path) {
    if (!path.startsWith("/")) {
      return path.equals("*") ? new OfServer(path) : new Malformed();
    }
    List<String> parts = new ArrayList<>();
    try {
      for (String part : path.substring(1).split("/")) {
        parts.add(
            part.indexOf('%') < 0
                ? part
                : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException e) {
      return new Malformed(); // a percent sign without two digits
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
    if (parts.getFirst().equals("namespaces") && parts.size() > 2 && !ofNamespace(parts)) {
      namespace = parts.get(1);
      parts = parts.subList(2, parts.size());
    }
    return new OfResource(
        new Subject.OfResource(
            groupVersion.group(),
            groupVersion.version(),
            parts.getFirst(),
            parts.size() > 2 ? parts.get(2) : "",
            namespace,
            parts.size() > 1 ? parts.get(1) : ""),
        parts.size() > 3 ? String.join("/", parts.subList(3, parts.size())) : "",
        watch);
  }

  /// Whether what follows a Namespace's name is a subresource of it, not a resource in it.
  private static boolean ofNamespace(List<String> parts) {
    return parts.size() == 3 && (parts.get(2).equals("status") || parts.get(2).equals("finalize"));
  }
}
