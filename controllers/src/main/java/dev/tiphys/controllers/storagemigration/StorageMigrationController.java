package dev.tiphys.controllers.storagemigration;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Does what StorageVersionMigrations ask for: writes each object of a resource that was not
/// written since then once more, without a change. When all are written, the definition of a custom
/// resource says that no older version is stored any more.
///
/// Cost of a migration: a request for each 500 objects, and one for each object.
public final class StorageMigrationController implements Component {

  static final ApiResource MIGRATIONS =
      new ApiResource(
          new GroupVersion("storagemigration.k8s.io", "v1beta1"),
          "storageversionmigrations",
          "StorageVersionMigration",
          false);

  /// The controller's name, and that of its service account.
  public static final String NAME = "storage-version-migrator-controller";

  private static final int CHUNK = 500;

  /// How long a resource that was just defined may take until it is served.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final World world;
  private final Api api;
  private final Informer migrations;
  private final Controller controller;
  private @Nullable SupervisedTask starter;

  public StorageMigrationController(World world, Api api, int workers) {
    this.world = world;
    this.api = api;
    this.migrations = new Informer(world, api, MIGRATIONS);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    migrations.listen(Informer.Listener.ofAll(controller::enqueue));
  }

  /// A server that does not serve the kind keeps this controller waiting, and no other one.
  @Override
  public void start() {
    migrations.start();
    starter = world.supervisor().start(NAME, this::startSynced);
  }

  private void startSynced() throws InterruptedException {
    migrations.awaitSynced();
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = migrations.find(key);
    if (object == null || new Migration(object).isOver()) {
      return Outcome.DONE;
    }
    Migration migration = new Migration(object);
    ApiResource resource = find(migration);
    if (resource == null) {
      return missing(migration);
    }
    if (migration.since().isEmpty()) {
      ObjectList page = api.ofMetadata().list(resource, "", new ListOptions("", "", "", 1, ""));
      migration = report(migration.withSince(page.resourceVersion()));
    }
    if (!migration.isRunning()) {
      migration = report(migration.running(world.now()));
    }
    Struct definition =
        api.find(
            ApiResource.CUSTOM_RESOURCE_DEFINITIONS,
            "",
            migration.resource() + "." + migration.group());
    String problem = migrate(resource, Long.parseLong(migration.since()));
    if (!problem.isEmpty()) {
      report(migration.failed(problem, world.now()));
      return Outcome.DONE;
    }
    if (definition != null) {
      forgetOlderVersions(definition);
    }
    report(migration.succeeded(world.now()));
    return Outcome.DONE;
  }

  private @Nullable ApiResource find(Migration migration) {
    for (ServedResource served : api.discover().known()) {
      ApiResource resource = served.resource();
      if (resource.plural().equals(migration.resource())
          && resource.groupVersion().group().equals(migration.group())) {
        return resource;
      }
    }
    return null;
  }

  private Outcome missing(Migration migration) {
    Instant created = Instant.parse(migration.object().string("metadata", "creationTimestamp"));
    if (created.plus(PATIENCE).isAfter(world.now())) {
      return Outcome.again(PAUSE);
    }
    report(migration.failed("resource does not exist in GC", world.now()));
    return Outcome.DONE;
  }

  private Migration report(Migration migration) {
    return new Migration(api.update(MIGRATIONS, migration.object(), "status"));
  }

  /// Writes the objects again that nobody wrote after `since`. Returns what went wrong for good.
  ///
  /// @throws ApiException if it is worth to try once more
  private String migrate(ApiResource resource, long since) {
    String token = "";
    do {
      ObjectList page =
          api.ofMetadata().list(resource, "", new ListOptions("", "", "", CHUNK, token));
      for (Struct object : page.items()) {
        if (Meta.of(object).revision() <= since) {
          String problem = rewrite(resource, Meta.of(object));
          if (!problem.isEmpty()) {
            return problem;
          }
        }
      }
      token = page.continueToken();
    } while (!token.isEmpty());
    return "";
  }

  /// Applies nothing at all: the server stores the object as it is, in the version of today.
  private String rewrite(ApiResource resource, Meta object) {
    Struct metadata =
        new StructBuilder()
            .add("uid", object.uid())
            .add("resourceVersion", Long.toString(object.revision()))
            .build();
    Struct nothing =
        Struct.of(
            "apiVersion", resource.apiVersion(), "kind", resource.kind(), "metadata", metadata);
    try {
      api.patch(resource, object.namespace(), object.name(), "", PatchType.APPLY, nothing);
      return "";
    } catch (ApiException e) {
      if (e.is(Reason.CONFLICT)) {
        return ""; // written by another client or gone meanwhile, so there is nothing left to do
      }
      if (e.is(
          Reason.SERVER_TIMEOUT,
          Reason.TOO_MANY_REQUESTS,
          Reason.SERVICE_UNAVAILABLE,
          Reason.INTERNAL_ERROR,
          Reason.TIMEOUT)) {
        throw e;
      }
      return e.message();
    }
  }

  /// Objects are stored in the storage version alone now, unless the definition changed meanwhile.
  private void forgetOlderVersions(Struct before) {
    Struct now = api.find(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, "", Meta.of(before).name());
    if (now == null
        || now.integer("metadata", "generation") != before.integer("metadata", "generation")) {
      return;
    }
    List<String> stored =
        now.structs("spec", "versions").stream()
            .filter(version -> version.bool("storage"))
            .map(version -> version.string("name"))
            .toList();
    if (!stored.equals(now.strings("status", "storedVersions"))) {
      api.update(
          ApiResource.CUSTOM_RESOURCE_DEFINITIONS,
          now.withAt(stored, "status", "storedVersions"),
          "status");
    }
  }

  @Override
  public void close() {
    SupervisedTask starting = starter;
    if (starting != null) {
      starting.close();
    }
    controller.close();
    migrations.close();
  }
}
