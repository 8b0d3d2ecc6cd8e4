package dev.tiphys.secrets.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A GeneratorState: something that a generator made elsewhere for an object.
public record GeneratorState(Struct object) {

  /// Keeps each of them from going before what was made is given back.
  public static final Finalizer FINALIZER =
      new Finalizer(
          SecretsResources.GENERATOR_STATES, "generatorstate.externalsecrets.io/finalizer");

  private static final String OWNER_KEY = "generators.external-secrets.io/owner-key";
  private static final int LONGEST_NAME = 63;

  /// @param owner what it was made for
  /// @param key tells it from what else was made for that
  /// @param stamp is later in the alphabet than those of what was made before
  /// @param resource the generator, as it was then
  /// @param state what the generator has to know
  /// @param deadline when it is to be given back; null for not yet
  public static GeneratorState of(
      Struct owner,
      String key,
      String stamp,
      Struct resource,
      Struct state,
      @Nullable Instant deadline) {
    Meta meta = Meta.of(owner);
    String kind = owner.string("kind");
    Struct reference =
        Struct.of("apiVersion", owner.string("apiVersion"), "kind", kind)
            .with("name", meta.name())
            .with("uid", meta.uid());
    Struct metadata =
        new StructBuilder()
            .add("name", name(owner, stamp))
            .add("namespace", meta.namespace())
            .add("labels", Struct.of(OWNER_KEY, ownerKey(owner, key)))
            .add("finalizers", List.of(FINALIZER.name()))
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

  /// What the one is called that is made for an object at a moment. It is known before it is
  /// written, so that it can be found when no answer comes.
  ///
  /// @param stamp of that moment
  public static String name(Struct owner, String stamp) {
    String base =
        "gen-" + owner.string("kind").toLowerCase(Locale.ROOT) + "-" + Meta.of(owner).name() + "-";
    int room = LONGEST_NAME - stamp.length();
    return base.substring(0, Math.min(base.length(), room)) + stamp;
  }

  private static String ownerKey(Struct owner, String key) {
    Meta meta = Meta.of(owner);
    return Hashes.sha3(String.join("-", owner.string("kind"), meta.namespace(), meta.name(), key));
  }

  public Meta meta() {
    return Meta.of(object);
  }

  /// The same for all that were made for one object under one key; empty if it does not say.
  public String ownerKey() {
    return meta().label(OWNER_KEY);
  }

  /// Whether this is what is used of its object's and key's: it is not to be given back.
  public boolean isCurrent() {
    return deadline() == null && !meta().isBeingDeleted();
  }

  /// Whether it was made after another one of the same object and key.
  public boolean isAfter(GeneratorState other) {
    int order = made().compareTo(other.made());
    return order != 0 ? order > 0 : meta().name().compareTo(other.meta().name()) > 0;
  }

  private Instant made() {
    return Objects.requireNonNullElse(meta().created(), Instant.MIN);
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
