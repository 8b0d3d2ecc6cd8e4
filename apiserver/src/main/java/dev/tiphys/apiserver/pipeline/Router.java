package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;

/// Finds what a request is about among the resources that are served, and refuses what does not go
/// together: a verb that a resource does not have, a namespace for a resource without namespaces.
///
/// Threads: any.
public final class Router {

  private final Catalog catalog;

  public Router(Catalog catalog) {
    this.catalog = catalog;
  }

  /// Whether anything is served in an API group.
  public boolean serves(String group) {
    return catalog.resources().stream().anyMatch(each -> each.group().equals(group));
  }

  /// @throws ApiException `NOT_FOUND` if there is no such resource, `METHOD_NOT_ALLOWED` if it does
  ///   not have the verb, `BAD_REQUEST` if no object can have the name
  public Route route(String verb, Subject.OfResource subject) {
    GroupVersion groupVersion = new GroupVersion(subject.group(), subject.version());
    Endpoint endpoint = catalog.find(groupVersion, subject.plural());
    if (endpoint != null) {
      check(endpoint.served(), verb, subject);
      return new Route.ToObjects(
          new Target(endpoint, subject.subresource(), subject.namespace(), subject.name()));
    }
    Resource virtual = catalog.findVirtual(groupVersion, subject.plural());
    if (virtual == null) {
      throw noSuchResource();
    }
    if (!subject.name().isEmpty() && !virtual.verbs().contains("get")) {
      throw noSuchResource(); // nothing of it has a name
    }
    check(virtual, verb, subject);
    return new Route.ToVirtual(virtual);
  }

  private static void check(Resource resource, String verb, Subject.OfResource subject) {
    checkPlace(resource, subject);
    checkVerb(resource, verb, subject);
    checkName(subject.name());
  }

  private static void checkPlace(Resource resource, Subject.OfResource subject) {
    boolean inNamespace = !subject.namespace().isEmpty();
    boolean misplaced =
        resource.namespaced() ? !inNamespace && !subject.name().isEmpty() : inNamespace;
    if (misplaced) {
      throw noSuchResource();
    }
  }

  private static void checkVerb(Resource resource, String verb, Subject.OfResource subject) {
    if (subject.subresource().isEmpty()) {
      boolean oneCollection = !resource.namespaced() || !subject.namespace().isEmpty();
      boolean named = !subject.name().isEmpty();
      if (!resource.verbs().contains(verb) || !isPossible(verb, named, oneCollection)) {
        throw methodNotAllowed();
      }
      return;
    }
    Resource.Subresource below = resource.subresource(subject.subresource());
    if (below == null) {
      throw noSuchResource();
    }
    boolean anyMethod = verb.isEmpty() && subject.subresource().equals("proxy"); // OPTIONS
    if (!anyMethod && !below.verbs().contains(verb)) {
      throw methodNotAllowed();
    }
  }

  /// Whether a verb goes with a path: objects are created in a collection, changed by their name,
  /// and those of all namespaces together are only looked at.
  private static boolean isPossible(String verb, boolean named, boolean oneCollection) {
    return switch (verb) {
      case "create" -> !named && oneCollection;
      case "update", "patch", "delete" -> named;
      case "deletecollection" -> oneCollection;
      default -> true;
    };
  }

  private static void checkName(String name) {
    if (name.indexOf('/') >= 0) {
      throw noSuchResource(); // an escaped slash: it names no object
    }
    boolean dots = name.equals(".") || name.equals("..");
    if (dots || name.indexOf('%') >= 0) {
      String why = dots ? "may not be '" + name + "'" : "may not contain '%'";
      throw ApiException.badRequest("Name parameter invalid: \"" + name + "\": " + why);
    }
  }

  /// The refusal of a resource that is not served.
  public static ApiException noSuchResource() {
    return ApiException.ofServer(
        Reason.NOT_FOUND, "the server could not find the requested resource");
  }

  /// The refusal of a verb that a resource or path does not have.
  public static ApiException methodNotAllowed() {
    return ApiException.ofServer(
        Reason.METHOD_NOT_ALLOWED,
        "the server does not allow this method on the requested resource");
  }
}
