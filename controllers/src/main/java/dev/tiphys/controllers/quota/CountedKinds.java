package dev.tiphys.controllers.quota;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.ServedResource;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.quota.Evaluator;
import dev.tiphys.schema.quota.Evaluators;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The objects that quotas count: those of each resource are followed from when a quota first names
/// it.
///
/// Threads: any.
final class CountedKinds implements AutoCloseable {

  private static final Set<String> NEEDED = Set.of("list", "watch");

  /// Resources of which more counts than their number, so that whole objects are needed.
  private static final Set<String> WEIGHED =
      Set.of("services", "persistentvolumeclaims", "resourceclaims.resource.k8s.io");

  private final World world;
  private final Api api;
  private final Predicate<String> limited;
  private final BiConsumer<String, Struct> released;
  private final Map<String, Counted> kinds = new HashMap<>();

  /// The objects of one resource.
  record Counted(Evaluator evaluator, Informer informer, ObjectIndex byNamespace, boolean own) {

    boolean synced() {
      return informer.synced();
    }

    Collection<Struct> in(String namespace) {
      return byNamespace.with(namespace);
    }
  }

  /// @param limited whether there is a quota in a namespace
  /// @param released told of objects that use less than before, or nothing any more, with the name
  ///   of their resource
  CountedKinds(
      World world,
      Api api,
      ClusterView cluster,
      Predicate<String> limited,
      BiConsumer<String, Struct> released) {
    this.world = world;
    this.api = api;
    this.limited = limited;
    this.released = released;
    kinds.put("pods", counted("pods", cluster.of(ApiResource.PODS), false));
  }

  private Counted counted(String groupResource, Informer informer, boolean own) {
    Evaluator evaluator = Evaluators.of(groupResource);
    informer.listen(
        new Informer.Listener() {
          @Override
          public void updated(Struct before, Struct now) {
            Instant time = world.now();
            boolean changes =
                limited.test(Meta.of(now).namespace())
                    && !evaluator.usage(before, time).equals(evaluator.usage(now, time));
            if (changes) {
              released.accept(groupResource, now);
            }
          }

          @Override
          public void deleted(Struct last) {
            released.accept(groupResource, last);
          }
        });
    ObjectIndex index = informer.index(object -> List.of(Meta.of(object).namespace()));
    return new Counted(evaluator, informer, index, own);
  }

  /// The objects of a resource; null if it is not served.
  synchronized @Nullable Counted find(String groupResource) {
    Counted known = kinds.get(groupResource);
    if (known != null) {
      return known;
    }
    ApiResource resource = served(groupResource);
    if (resource == null) {
      return null;
    }
    Api reading = WEIGHED.contains(groupResource) ? api : api.ofMetadata();
    Counted made = counted(groupResource, new Informer(world, reading, resource), true);
    made.informer.start();
    kinds.put(groupResource, made);
    return made;
  }

  private @Nullable ApiResource served(String groupResource) {
    for (ServedResource served : api.discover().known()) {
      ApiResource resource = served.resource();
      boolean countable = resource.namespaced() && served.verbs().containsAll(NEEDED);
      if (countable && resource.toString().equals(groupResource)) {
        return resource;
      }
    }
    return null;
  }

  /// Ends what was begun here.
  @Override
  public synchronized void close() {
    kinds.values().stream().filter(Counted::own).forEach(kind -> kind.informer.close());
    kinds.clear();
  }
}
