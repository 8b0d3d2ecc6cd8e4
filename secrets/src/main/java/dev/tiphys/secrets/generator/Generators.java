package dev.tiphys.secrets.generator;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.ControllerClass;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What makes secrets up, by what refers to it.
///
/// Threads: any.
public final class Generators implements AutoCloseable {

  private final World world;
  private final Api api;
  private final HttpTransport transport;
  private final Map<String, Generator> kinds = new LinkedHashMap<>();

  public Generators(World world, Api api, HttpTransport transport, List<Generator> generators) {
    this.world = world;
    this.api = api;
    this.transport = transport;
    generators.forEach(each -> kinds.put(each.kind(), each));
  }

  /// The values that a `generatorRef` leads to.
  ///
  /// @param object that refers
  /// @throws StoreException if they cannot be made
  public Map<String, byte[]> generate(Struct reference, Struct object) throws InterruptedException {
    String namespace = Meta.of(object).namespace();
    String kind = reference.string("kind");
    boolean cluster = isOfCluster(reference);
    Struct spec = read(reference, cluster ? "" : namespace).struct("spec");
    String inner = cluster ? spec.string("kind") : kind;
    Generator generator = kinds.get(inner);
    if (generator == null) {
      throw new StoreException("unable to find generator for kind: " + inner);
    }
    return generator.generate(
        cluster ? spec.struct("generator", generator.field()) : spec,
        new Generator.Context(
            world,
            namespace,
            new References(api, cluster, namespace),
            transport,
            new Asker(world, api, object)));
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
