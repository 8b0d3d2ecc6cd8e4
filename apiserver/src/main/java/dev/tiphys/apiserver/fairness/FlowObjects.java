package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Follows the objects that priority and fairness goes by, and says in the status of each
/// FlowSchema whether the level that it names exists.
///
/// Threads: one task for each kind of object, and one that has seats lent.
public final class FlowObjects implements AutoCloseable {

  private static final String GROUP = "flowcontrol.apiserver.k8s.io";
  private static final String SCHEMAS = "flowschemas";
  private static final String LEVELS = "prioritylevelconfigurations";
  private static final String AGENT = "api-priority-and-fairness-config-consumer-v1";
  private static final String DANGLING = "Dangling";
  private static final Duration LENDING = Duration.ofSeconds(10);

  private final Catalog catalog;
  private final Watches watches;
  private final Fairness fairness;
  private final World world;

  private final List<SupervisedTask> tasks = new ArrayList<>();
  private final Object lock = new Object();
  private final Map<String, Struct> schemas = new TreeMap<>(); // guarded by lock
  private final Map<String, Struct> levels = new TreeMap<>(); // guarded by lock

  public FlowObjects(Catalog catalog, Watches watches, Fairness fairness, World world) {
    this.catalog = catalog;
    this.watches = watches;
    this.fairness = fairness;
    this.world = world;
  }

  /// Goes by the objects that there are, then by what they become.
  public void start() {
    read(LEVELS, levels);
    read(SCHEMAS, schemas);
    fairness.configure(schemas.values(), levels.values());
    tasks.add(world.supervisor().start("priority-levels", () -> follow(LEVELS, levels)));
    tasks.add(world.supervisor().start("flow-schemas", () -> follow(SCHEMAS, schemas)));
    tasks.add(world.supervisor().start("seat-lending", this::lend));
  }

  @Override
  public void close() {
    tasks.forEach(SupervisedTask::close);
  }

  private void read(String plural, Map<String, Struct> objects) {
    for (Stored state : registry(plural).list(ListQuery.everything()).items()) {
      objects.put(state.object().string("metadata", "name"), state.object());
    }
  }

  private Registry registry(String plural) {
    return catalog.registry(GROUP, plural);
  }

  private void lend() throws InterruptedException {
    while (true) {
      world.background().sleep(LENDING);
      fairness.lend();
    }
  }

  private void follow(String plural, Map<String, Struct> objects) throws InterruptedException {
    WatchQuery all =
        new WatchQuery(
            "",
            LabelSelector.EVERYTHING,
            FieldSelector.EVERYTHING,
            new WatchQuery.Start.Existing(new ListQuery.Version.Newest(), true));
    try (WatchCursor cursor = watches.open(registry(plural), all)) {
      Map<String, Struct> seen = new TreeMap<>();
      boolean complete = false;
      boolean told = false;
      while (!cursor.isClosed()) {
        for (Notice notice = cursor.poll(); notice != null; notice = cursor.poll()) {
          complete |= notice.state() == null;
          note(notice, seen);
        }
        if (complete && (adopt(objects, seen) || !told)) {
          tellWhichDangle(); // first also those of which an earlier server did not get to tell
          told = true;
        }
        cursor.await();
      }
    }
  }

  private static void note(Notice notice, Map<String, Struct> seen) {
    Stored state = notice.state();
    if (state == null) {
      return;
    }
    String name = state.object().string("metadata", "name");
    if (notice.type() == WatchEvent.Type.DELETED) {
      seen.remove(name);
    } else {
      seen.put(name, state.object());
    }
  }

  /// Goes by the objects that were seen. Returns whether they are others than before.
  private boolean adopt(Map<String, Struct> objects, Map<String, Struct> seen) {
    synchronized (lock) {
      if (objects.equals(seen)) {
        return false;
      }
      objects.clear();
      objects.putAll(seen);
      fairness.configure(List.copyOf(schemas.values()), List.copyOf(levels.values()));
      return true;
    }
  }

  private void tellWhichDangle() {
    List<Struct> all;
    synchronized (lock) {
      all = List.copyOf(schemas.values());
    }
    all.forEach(this::tellWhetherDangling);
  }

  private void tellWhetherDangling(Struct schema) {
    if (dangling(schema).equals(schema)) {
      return;
    }
    try {
      UserInfo self = UserInfo.of("system:apiserver", UserInfo.MASTERS, UserInfo.AUTHENTICATED);
      registry(SCHEMAS)
          .updateStatus(
              new Call(self, AGENT, 0, false),
              "",
              schema.string("metadata", "name"),
              this::dangling);
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND)) {
        throw e;
      }
      // it has changed meanwhile: the next notice tells how
    }
  }

  /// A FlowSchema that says whether its level exists.
  private Struct dangling(Struct schema) {
    String level = schema.string("spec", "priorityLevelConfiguration", "name");
    boolean found;
    synchronized (lock) {
      found = levels.containsKey(level);
    }
    Struct wanted =
        new StructBuilder()
            .add("type", DANGLING)
            .add("status", found ? "False" : "True")
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .add("reason", found ? "Found" : "NotFound")
            .add(
                "message",
                "This FlowSchema references the PriorityLevelConfiguration object named \""
                    + level
                    + (found ? "\" and it exists" : "\" but there is no such object"))
            .build();
    List<Object> conditions = new ArrayList<>();
    for (Struct condition : schema.structs("status", "conditions")) {
      if (!condition.string("type").equals(DANGLING)) {
        conditions.add(condition);
      } else if (saysTheSame(condition, wanted)) {
        return schema;
      }
    }
    conditions.add(wanted);
    return schema.withAt(List.copyOf(conditions), "status", "conditions");
  }

  private static boolean saysTheSame(Struct present, Struct wanted) {
    String time = "lastTransitionTime";
    return present.without(time).equals(wanted.without(time));
  }
}
