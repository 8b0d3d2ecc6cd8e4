package dev.tiphys.controllers.namespace;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Deletes what is in a namespace: Pods first, since other objects may be what they need to end in
/// good order, and the rest when they are gone.
///
/// Cost: two requests for each kind of object that is served.
final class NamespaceContent {

  /// How long it may take until a finalizer is removed.
  private static final long FINALIZER_SECONDS = 15;

  private static final DeleteOptions BACKGROUND = DeleteOptions.withPropagation("Background");

  private final Api api;
  private final String namespace;
  private final Map<String, Integer> resources = new TreeMap<>();
  private final Map<String, Integer> finalizers = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();
  private long seconds;

  private NamespaceContent(Api api, String namespace) {
    this.api = api.ofMetadata();
    this.namespace = namespace;
  }

  static Remainder delete(Api api, String namespace) {
    return new NamespaceContent(api, namespace).delete();
  }

  private Remainder delete() {
    ServedResources served;
    try {
      served = api.discover();
    } catch (ApiException e) {
      return new Remainder(Map.of(), Map.of(), List.of(), e.message(), 0);
    }
    List<ServedResource> content =
        served.known().stream()
            .filter(each -> each.resource().namespaced() && each.verbs().contains("delete"))
            .toList();
    content.stream().filter(NamespaceContent::isPods).forEach(this::delete);
    if (resources.isEmpty() && errors.isEmpty()) {
      content.stream().filter(each -> !isPods(each)).forEach(this::delete);
    }
    return new Remainder(resources, finalizers, errors, problem(served), seconds);
  }

  private static String problem(ServedResources served) {
    return served.failures().isEmpty()
        ? ""
        : "Discovery failed for some groups, %d failing: %s"
            .formatted(served.failures().size(), served.problem());
  }

  private static boolean isPods(ServedResource served) {
    return served.resource().equals(ApiResource.PODS);
  }

  private void delete(ServedResource served) {
    ApiResource resource = served.resource();
    try {
      if (served.verbs().contains("deletecollection")) {
        api.deleteCollection(resource, namespace, ListOptions.ALL, BACKGROUND);
      } else if (served.verbs().contains("list")) {
        list(resource).forEach(object -> delete(resource, Meta.of(object)));
      }
      if (served.verbs().contains("list")) {
        count(resource, list(resource));
      }
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.METHOD_NOT_ALLOWED)) {
        errors.add(e.message());
      }
    }
  }

  private List<Struct> list(ApiResource resource) {
    return api.list(resource, namespace, ListOptions.ALL).items();
  }

  private void delete(ApiResource resource, Meta object) {
    try {
      api.delete(resource, namespace, object.name(), BACKGROUND);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private void count(ApiResource resource, List<Struct> left) {
    if (left.isEmpty()) {
      return;
    }
    resources.put(resource.plural() + "." + resource.groupVersion().group(), left.size());
    boolean expected = false;
    for (Struct object : left) {
      List<String> holding = Meta.of(object).finalizers();
      holding.forEach(finalizer -> finalizers.merge(finalizer, 1, Integer::sum));
      long grace = object.integer("metadata", "deletionGracePeriodSeconds");
      seconds = Math.max(seconds, holding.isEmpty() ? grace : FINALIZER_SECONDS);
      expected |= grace > 0 || !holding.isEmpty();
    }
    if (!expected) {
      errors.add(
          "unexpected items still remain in namespace: %s for gvr: %s/%s, Resource=%s"
              .formatted(
                  namespace,
                  resource.groupVersion().group(),
                  resource.groupVersion().version(),
                  resource.plural()));
    }
  }
}
