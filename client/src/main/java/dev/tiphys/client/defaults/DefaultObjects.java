package dev.tiphys.client.defaults;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.PackagedFile;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the objects that a part of the cluster brings with it: its kinds, a default class.
///
/// Each is made once in the life of a cluster, and noted in the ConfigMap `tiphys-PART` of
/// kube-system: what an administrator changes or deletes stays so, and so does what was there
/// before. Only a definition of a kind that is still as it was made (its generation has not moved)
/// is replaced when a newer release brings another one.
///
/// Threads: any.
public final class DefaultObjects implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(DefaultObjects.class.getName());
  private static final String NAMESPACE = "kube-system";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final World world;
  private final Api api;
  private final String part;
  private final List<ApiResource> resources;
  private final List<Struct> objects;
  private @Nullable SupervisedTask task;

  /// @param part whose they are
  /// @param resources of all kinds among the objects
  /// @param objects in the order in which they can be made
  public DefaultObjects(
      World world, Api api, String part, List<ApiResource> resources, List<Struct> objects) {
    this.world = world;
    this.api = api;
    this.part = part;
    this.resources = List.copyOf(resources);
    this.objects = List.copyOf(objects);
  }

  /// The objects in files of YAML.
  ///
  /// @param beside the class in whose package the files are
  public static List<Struct> read(Class<?> beside, String... files) {
    List<Struct> all = new ArrayList<>();
    for (String file : files) {
      for (Object document : Yaml.parseAll(new PackagedFile(beside, file).text())) {
        if (document instanceof Struct object) {
          all.add(object);
        }
      }
    }
    return all;
  }

  /// Makes what is missing, in the background, as soon as that succeeds.
  public DefaultObjects start() {
    task = world.supervisor().start("default-objects-" + part, this::run);
    return this;
  }

  private void run() throws InterruptedException {
    while (!ensure()) {
      world.background().sleep(PAUSE);
    }
  }

  /// Makes what was never made. Returns whether all is there, or was.
  private boolean ensure() {
    boolean complete = true;
    try {
      for (Struct object : objects) {
        complete &= ensure(object);
      }
    } catch (ApiException e) {
      LOG.log(Level.DEBUG, "the default objects wait: part={0}, error={1}", part, e.message());
      return false;
    }
    return complete;
  }

  private boolean ensure(Struct object) {
    String kind = object.string("kind");
    String key = kind + "." + Meta.of(object).name();
    Struct notes = api.find(ApiResource.CONFIG_MAPS, NAMESPACE, name());
    String found = notes == null ? "" : notes.string("data", key);
    Note wanted = Note.of(object);
    if (!found.isEmpty() && !Note.parse(found).isOlderThan(wanted)) {
      return true;
    }
    ApiResource resource =
        resources.stream().filter(each -> each.kind().equals(kind)).findFirst().orElseThrow();
    try {
      Struct made = found.isEmpty() ? create(resource, object) : renew(resource, object, found);
      note(notes, key, made == null ? wanted : wanted.made(made));
      return true;
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return false; // its kind is not served yet
      }
      throw e;
    }
  }

  private String name() {
    return "tiphys-" + part;
  }

  /// Null if it was there before.
  private @Nullable Struct create(ApiResource resource, Struct object) {
    try {
      return api.create(resource, object);
    } catch (ApiException e) {
      if (e.is(Reason.ALREADY_EXISTS)) {
        return null;
      }
      throw e;
    }
  }

  /// Null if it is left as it is.
  private @Nullable Struct renew(ApiResource resource, Struct object, String found) {
    Struct now = api.find(resource, Meta.of(object).namespace(), Meta.of(object).name());
    if (now == null || Meta.of(now).generation() != Note.parse(found).generation()) {
      return null;
    }
    return api.update(
        resource, object.withAt(Meta.of(now).resourceVersion(), "metadata", "resourceVersion"));
  }

  private void note(@Nullable Struct notes, String key, Note note) {
    if (notes == null) {
      api.create(
          ApiResource.CONFIG_MAPS,
          Struct.of(
              "metadata",
              Struct.of("name", name(), "namespace", NAMESPACE),
              "data",
              Struct.of(key, note.toString())));
    } else {
      api.update(ApiResource.CONFIG_MAPS, notes.withAt(note.toString(), "data", key));
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
