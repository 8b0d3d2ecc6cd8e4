package dev.tiphys.storage;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the objects by which a cluster has storage out of the box: the driver's, the default
/// classes, and the kinds of snapshots.
///
/// Each is made once in the life of a cluster, and noted in a ConfigMap: what an administrator
/// changes or deletes stays so.
///
/// Threads: any.
public final class DefaultClasses implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DefaultClasses.class.getName());
  private static final String NAMESPACE = "kube-system";
  private static final String NOTES = "tiphys-storage";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final List<ApiResource> RESOURCES =
      List.of(
          StorageResources.CUSTOM_RESOURCES,
          StorageResources.DRIVERS,
          StorageResources.CLASSES,
          StorageResources.SNAPSHOT_CLASSES);

  private final World world;
  private final Api api;
  private @Nullable SupervisedTask task;

  public DefaultClasses(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// Makes what is missing, in the background, as soon as that succeeds.
  public void start() {
    task = world.supervisor().start("default-classes", this::run);
  }

  private void run() throws InterruptedException {
    while (!ensure()) {
      world.background().sleep(PAUSE);
    }
  }

  /// Makes what was never made. Returns whether all is there, or was.
  boolean ensure() {
    boolean complete = true;
    try {
      for (Struct object : wanted()) {
        complete &= ensure(object);
      }
    } catch (ApiException e) {
      LOG.log(Level.DEBUG, "the default classes wait: error={0}", e.message());
      return false;
    }
    return complete;
  }

  private static List<Struct> wanted() {
    List<Struct> all = new ArrayList<>();
    for (String file : List.of("snapshot-resources.yaml", "defaults.yaml")) {
      for (Object document : Yaml.parseAll(text(file))) {
        if (document instanceof Struct object) {
          all.add(object);
        }
      }
    }
    return all;
  }

  private static String text(String file) {
    try (InputStream in = DefaultClasses.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean ensure(Struct object) {
    String kind = object.string("kind");
    String name = Meta.of(object).name();
    String note = kind + "." + name;
    Struct notes = api.find(ApiResource.CONFIG_MAPS, NAMESPACE, NOTES);
    if (notes != null && notes.struct("data").has(note)) {
      return true;
    }
    ApiResource resource =
        RESOURCES.stream().filter(each -> each.kind().equals(kind)).findFirst().orElseThrow();
    try {
      api.create(resource, object);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return false; // its kind is not served yet
      }
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
    note(notes, note);
    return true;
  }

  private void note(@Nullable Struct notes, String note) {
    if (notes == null) {
      api.create(
          ApiResource.CONFIG_MAPS,
          Struct.of(
              "metadata",
              Struct.of("name", NOTES, "namespace", NAMESPACE),
              "data",
              Struct.of(note, "made")));
    } else {
      api.update(ApiResource.CONFIG_MAPS, notes.withAt("made", "data", note));
    }
  }

  @Override
  public void close() {
    SupervisedTask running = task;
    if (running != null) {
      running.close();
    }
  }
}
