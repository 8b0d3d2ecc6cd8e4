package dev.tiphys.secrets.generator;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.ControllerClass;
import dev.tiphys.secrets.model.GeneratorState;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What makes secrets up, by what refers to it.
///
/// Threads: any.
public final class Generators implements AutoCloseable {

  private final World world;
  private final Api api;
  private final HttpTransport transport;
  private final Map<String, Generator> kinds = new LinkedHashMap<>();
  private final AtomicLong stamped = new AtomicLong();

  public Generators(World world, Api api, HttpTransport transport, List<Generator> generators) {
    this.world = world;
    this.api = api;
    this.transport = transport;
    generators.forEach(each -> kinds.put(each.kind(), each));
  }

  /// Begins to make what an object asks for.
  public Making making(Struct object) {
    return new Making(world, api, this, object);
  }

  /// The moment, in letters and digits: the later, the later in the alphabet. None is given twice.
  String stamp() {
    long moment =
        stamped.accumulateAndGet(world.now().toEpochMilli(), (a, b) -> Math.max(a + 1, b));
    return Long.toString(moment, Character.MAX_RADIX);
  }

  /// A generator and its object.
  ///
  /// @param spec what the generator is told
  record Found(Generator generator, Struct spec, Struct resource) {}

  /// What a `generatorRef` leads to.
  ///
  /// @throws StoreException if it leads to nothing
  Found find(Struct reference, String namespace) {
    return found(read(reference, isOfCluster(reference) ? "" : namespace));
  }

  private Found found(Struct resource) {
    Struct spec = resource.struct("spec");
    boolean cluster = isOfCluster(resource);
    String kind = cluster ? spec.string("kind") : resource.string("kind");
    Generator generator = kinds.get(kind);
    if (generator == null) {
      throw new StoreException("unable to find generator for kind: " + kind);
    }
    return new Found(
        generator, cluster ? spec.struct("generator", generator.field()) : spec, resource);
  }

  /// What has made a state. A generator of the cluster may use more than those may who can write
  /// states: it is taken as it is now.
  ///
  /// @throws StoreException if it is not there any more
  Found find(GeneratorState state) {
    Struct resource = state.resource();
    Struct name = Struct.of("kind", resource.string("kind"), "name", Meta.of(resource).name());
    return isOfCluster(resource) ? find(name, "") : found(resource);
  }

  /// What a state was made for; null if that is gone.
  @Nullable Struct owner(GeneratorState state) {
    Struct reference = state.owner();
    ApiResource resource = Asker.resource(reference.string("kind"));
    Struct found;
    try {
      found = api.find(resource, state.meta().namespace(), reference.string("name"));
    } catch (ApiException e) {
      throw new StoreException("unable to get " + resource.kind() + ": " + e.message());
    }
    boolean same = found != null && Meta.of(found).uid().equals(reference.string("uid"));
    return same ? found : null;
  }

  /// What a generator may use to make something for an object.
  Generator.Context context(Found found, Struct object, Consumer<Struct> states) {
    String namespace = Meta.of(object).namespace();
    return new Generator.Context(
        world,
        namespace,
        new References(api, isOfCluster(found.resource), namespace),
        transport,
        new Asker(world, api, object),
        states);
  }

  /// Whether a `generatorRef` leads to one that is for this class of controllers, or to none.
  public boolean isOurs(Struct reference, String namespace) {
    try {
      return ControllerClass.isOurs(
          read(reference, isOfCluster(reference) ? "" : namespace).string("spec", "controller"));
    } catch (StoreException e) {
      return true; // why it cannot be had is told where it is needed
    }
  }

  private static boolean isOfCluster(Struct reference) {
    return reference.string("kind").equals(SecretsResources.CLUSTER_GENERATORS.kind());
  }

  private Struct read(Struct reference, String namespace) {
    String kind = reference.string("kind");
    ApiResource resource =
        namespace.isEmpty()
            ? SecretsResources.CLUSTER_GENERATORS
            : SecretsResources.GENERATOR_KINDS.stream()
                .filter(each -> each.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new StoreException("unsupported generator kind: " + kind));
    try {
      return api.get(resource, namespace, reference.string("name"));
    } catch (ApiException e) {
      throw new StoreException("unable to get generator: " + e.message());
    }
  }

  @Override
  public void close() {
    kinds.values().forEach(Generator::close);
  }
}
