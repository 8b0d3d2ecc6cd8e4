package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.storage.Codec;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.world.World;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How each definition wants its objects to be converted between versions, as it says now.
///
/// Threads: any.
public final class Converters {

  private final Function<Definition, VersionConverter> make;
  private final Map<String, Known> known = new ConcurrentHashMap<>(); // by the definition's name

  /// A converter, and the definition that asks for it.
  private record Known(Definition definition, VersionConverter converter) {}

  private Converters(Function<Definition, VersionConverter> make) {
    this.make = make;
  }

  /// @param webhooks asked for conversions, where a definition wants that
  public static Converters of(Webhooks webhooks, World world) {
    return new Converters(
        definition -> {
          Struct conversion = definition.object().struct("spec", "conversion");
          return conversion.string("strategy").equals("Webhook")
              ? new WebhookConverter(webhooks, world, conversion.struct("webhook"))
              : VersionConverter.NONE;
        });
  }

  /// Takes note of what the definitions say now.
  void follow(Collection<Definition> definitions) {
    Set<String> names = definitions.stream().map(Definition::name).collect(Collectors.toSet());
    known.keySet().retainAll(names);
    for (Definition definition : definitions) {
      Known before = known.get(definition.name());
      if (before == null || !before.definition.convertsAs(definition)) {
        known.put(definition.name(), new Known(definition, make.apply(definition)));
      }
    }
  }

  /// The codec of a custom resource.
  public Codec codec(Resource resource, StructuralSchema schema) {
    Resource.Storage storage = resource.storage();
    GroupVersion stored = storage == null ? resource.groupVersion() : storage.groupVersion();
    String name = resource.groupResource();
    return new CustomCodec(resource, schema, stored, () -> converter(name));
  }

  private VersionConverter converter(String name) {
    Known found = known.get(name);
    return found == null ? VersionConverter.NONE : found.converter;
  }
}
