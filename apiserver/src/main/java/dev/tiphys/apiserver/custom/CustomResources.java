package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Follows the definitions of custom resources: gives them their names, serves what they define as
/// soon as they are established, and empties those that are being removed.
///
/// Threads: one task follows; any may ask for what codecs and strategies need.
public final class CustomResources {

  private static final String GROUP = "apiextensions.k8s.io";
  private static final String PLURAL = "customresourcedefinitions";
  private static final String AGENT = "kube-apiserver";

  /// When objects that are kept are looked at again if nothing changes: what refuses their deletion
  /// tells nobody when it would not.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Catalog catalog;
  private final List<Resource> builtIn;
  private final Watches watches;
  private final Converters converters;
  private final World world;

  // the follower's
  private final Map<String, Definition> definitions = new TreeMap<>();
  private final Map<String, Served> served = new HashMap<>();
  private final Map<String, InstanceRemoval> removals = new HashMap<>(); // by uid
  private final Gate news; // of definitions, and of the objects that are being removed

  /// What follows from a definition, for as long as it serves the same.
  private record Served(Definition definition, List<Resource> resources) {}

  /// @param catalog where resources are served
  /// @param builtIn the resources that are always there
  /// @param watches those that are open, which end when what they watch is served otherwise
  public CustomResources(
      Catalog catalog,
      List<Resource> builtIn,
      Watches watches,
      Converters converters,
      World world) {
    this.catalog = catalog;
    this.builtIn = builtIn;
    this.watches = watches;
    this.converters = converters;
    this.world = world;
    this.news = world.gate();
  }

  /// The strategy of a custom resource.
  public static Strategy strategy(Resource resource) {
    return new CustomStrategy(resource);
  }

  /// Serves what is established already, then goes on with what changes. Returns the task that
  /// does.
  public SupervisedTask start() {
    for (Stored state : definitions().list(ListQuery.everything()).items()) {
      definitions.put(state.object().string("metadata", "name"), new Definition(state.object()));
    }
    serve(definitions);
    return world.supervisor().start("custom-resources", Supervisor.OnFailure.RESTART, this::follow);
  }

  private Registry definitions() {
    return catalog.registry(GROUP, PLURAL);
  }

  private void follow() throws InterruptedException {
    WatchQuery all =
        new WatchQuery(
            "",
            LabelSelector.EVERYTHING,
            FieldSelector.EVERYTHING,
            new WatchQuery.Start.Existing(new ListQuery.Version.Newest(), true));
    try (WatchCursor cursor = watches.open(definitions(), all, news)) {
      definitions.clear();
      boolean complete = false;
      while (!cursor.isClosed()) {
        for (Notice notice = cursor.poll(); notice != null; notice = cursor.poll()) {
          complete |= notice.state() == null;
          note(notice);
        }
        if (complete && settle()) {
          awaitPause();
        } else {
          news.await();
        }
      }
    }
  }

  /// Waits for news, but not longer than a pause.
  private void awaitPause() throws InterruptedException {
    Timer end = world.schedule(PAUSE, news::open);
    try {
      news.await();
    } finally {
      end.cancel();
    }
  }

  private void note(Notice notice) {
    Stored state = notice.state();
    if (state == null) {
      return;
    }
    Definition definition = new Definition(state.object());
    if (notice.type() == WatchEvent.Type.DELETED) {
      definitions.remove(definition.name());
      InstanceRemoval ended = removals.remove(definition.uid());
      if (ended != null) {
        ended.close();
      }
    } else {
      definitions.put(definition.name(), definition);
    }
  }

  /// Brings everything into line with the definitions. Returns whether there is more to do even if
  /// none of them changes.
  private boolean settle() {
    Map<String, Definition> settled = new TreeMap<>(definitions);
    for (Definition definition : definitions.values()) {
      settled.put(definition.name(), Naming.settle(definition, settled.values(), world.now()));
    }
    serve(settled); // first, so that what is said to be established can be used
    boolean more = false;
    for (Definition definition : settled.values()) {
      Struct next = definition.object();
      if (definition.isBeingRemoved()) {
        next = removed(definition);
        more = true;
      }
      write(definitions.get(definition.name()), next);
    }
    return more;
  }

  private void serve(Map<String, Definition> settled) {
    converters.follow(settled.values());
    boolean changed = served.keySet().retainAll(settled.keySet());
    List<Resource> resources = new ArrayList<>(builtIn);
    for (Definition definition : settled.values()) {
      Served known = served.get(definition.name());
      if (known == null || !known.definition.servesAs(definition)) {
        List<Resource> before = known == null ? List.of() : known.resources;
        known = new Served(definition, DefinedResources.served(definition));
        served.put(definition.name(), known);
        changed |= !known.resources.equals(before);
      }
      resources.addAll(known.resources);
    }
    if (changed) {
      catalog.replace(resources);
      watches.endUnless(catalog::holds);
    }
  }

  private Struct removed(Definition definition) {
    Struct object = definition.object();
    InstanceRemoval removal = removals.get(definition.uid());
    if (removal == null) {
      removal = InstanceRemoval.of(definition, this::untouched, world, news);
      if (removal == null) {
        return InstanceRemoval.needless(object, world.now());
      }
      removals.put(definition.uid(), removal);
      return InstanceRemoval.begun(object, world.now());
    }
    return removal.step(object, call());
  }

  private Registry untouched(Resource resource) {
    return catalog.registryOf(resource, new UntouchedCodec());
  }

  private void write(@Nullable Definition before, Struct next) {
    if (before == null || next.equals(before.object())) {
      return;
    }
    try {
      definitions().updateStatus(call(), "", before.name(), _ -> next);
    } catch (ApiException e) {
      if (e.reason() != Reason.CONFLICT && e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
      // it has changed meanwhile: the next notice tells how
    }
  }

  private static Call call() {
    UserInfo self = UserInfo.of("system:apiserver", UserInfo.MASTERS, UserInfo.AUTHENTICATED);
    return new Call(self, AGENT, 0, false);
  }
}
