package dev.tiphys.secrets.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A GeneratorState: something that a generator made elsewhere for an object.
public record GeneratorState(Struct object) {

  private static final String OWNER_KEY = "generators.external-secrets.io/owner-key";

  /// @param owner what it was made for
  /// @param key tells it from what else was made for that
  /// @param resource the generator, as it was then
  /// @param state what the generator has to know
  /// @param deadline when it is to be given back; null for not yet
  public static GeneratorState of(
      Struct owner, String key, Struct resource, Struct state, @Nullable Instant deadline) {
    Meta meta = Meta.of(owner);
    String kind = owner.string("kind");
    Struct reference =
        Struct.of("apiVersion", owner.string("apiVersion"), "kind", kind)
            .with("name", meta.name())
            .with("uid", meta.uid());
    Struct metadata =
        new StructBuilder()
            .add("generateName", "gen-" + kind.toLowerCase(Locale.ROOT) + "-" + meta.name() + "-")
            .add("namespace", meta.namespace())
            .add("labels", Struct.of(OWNER_KEY, ownerKey(owner, key)))
            .add("ownerReferences", List.of(reference))
            .build();
    Struct spec = Struct.of("resource", resource, "state", state);
    return new GeneratorState(
        new StructBuilder()
            .add("apiVersion", SecretsResources.GENERATOR_STATES.groupVersion().toString())
            .add("kind", SecretsResources.GENERATOR_STATES.kind())
            .add("metadata", metadata)
            .add(
                "spec",
                deadline == null
                    ? spec
                    : spec.with("garbageCollectionDeadline", Timestamps.seconds(deadline)))
            .build());
  }

  /// Selects those that were made for an object under a key.
  public static String labels(Struct owner, String key) {
    return OWNER_KEY + "=" + ownerKey(owner, key);
  }

  private static String ownerKey(Struct owner, String key) {
    Meta meta = Meta.of(owner);
    return Hashes.sha3(String.join("-", owner.string("kind"), meta.namespace(), meta.name(), key));
  }

  public Meta meta() {
    return Meta.of(object);
  }

  /// The generator, as it was then.
  public Struct resource() {
    return object.struct("spec", "resource");
  }

  /// What the generator has to know.
  public Struct state() {
    return object.struct("spec", "state");
  }

  /// When it is to be given back; null if that is not said.
  public @Nullable Instant deadline() {
    return Timestamps.of(object.struct("spec").get("garbageCollectionDeadline"));
  }

  /// A reference to what it was made for; empty if it names nothing.
  public Struct owner() {
    List<Struct> owners = meta().owners();
    return owners.isEmpty() ? Struct.EMPTY : owners.getFirst();
  }
}
