package dev.tiphys.secrets.model;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// An ExternalSecret.
public record ExternalSecret(Struct object) {

  private static final Duration INTERVAL = Duration.ofHours(1);

  public Meta meta() {
    return Meta.of(object);
  }

  public String namespace() {
    return meta().namespace();
  }

  public String name() {
    return meta().name();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public Struct status() {
    return object.struct("status");
  }

  /// Whether its condition says that the last sync failed.
  public boolean hasFailed() {
    Struct ready = Meta.condition(object, "Ready");
    return ready != null && ready.string("status").equals("False");
  }

  public Struct target() {
    return spec().struct("target");
  }

  /// The Secret that it keeps.
  public String targetName() {
    String name = target().string("name");
    return name.isEmpty() ? name() : name;
  }

  /// The template that the Secret is made by; empty if there is none.
  public Struct template() {
    return target().struct("template");
  }

  public boolean hasTemplate() {
    return target().has("template");
  }

  public CreationPolicy creation() {
    return CreationPolicy.of(target().string("creationPolicy"));
  }

  public DeletionPolicy deletion() {
    return DeletionPolicy.of(target().string("deletionPolicy"));
  }

  public boolean isImmutable() {
    return target().bool("immutable");
  }

  /// How often the store is asked; zero for once.
  public Duration interval() {
    String text = spec().string("refreshInterval");
    return text.isEmpty() ? INTERVAL : GoDuration.parse(text);
  }

  public List<Struct> data() {
    return spec().structs("data");
  }

  public List<Struct> dataFrom() {
    return spec().structs("dataFrom");
  }

  /// The store that entries use which name none.
  public StoreKey store() {
    return store(spec().struct("secretStoreRef"));
  }

  /// The store that a reference means.
  public StoreKey store(Struct reference) {
    return StoreKey.of(reference.string("kind"), reference.string("name"), namespace());
  }

  /// All stores that it names.
  public Set<StoreKey> stores() {
    Set<StoreKey> keys = new LinkedHashSet<>();
    keys.add(store());
    data().forEach(entry -> keys.add(storeOf(entry)));
    dataFrom().forEach(entry -> keys.add(storeOf(entry)));
    keys.removeIf(key -> key.name().isEmpty());
    return keys;
  }

  /// The store of an entry of `data` or `dataFrom`.
  public StoreKey storeOf(Struct entry) {
    Struct own = entry.struct("sourceRef", "storeRef");
    return own.isEmpty() ? store() : store(own);
  }

  /// The manager of the fields that it writes to its Secret.
  public String manager() {
    return Hashes.limited("externalsecrets.external-secrets.io/", name());
  }

  /// What a Secret that it owns is labelled with.
  public String ownerLabel() {
    return Hashes.sha3(namespace() + "/" + name());
  }

  /// Stands for its spec, labels and annotations: the store is asked again once it is another.
  public String version() {
    Struct both = Struct.of("annotations", meta().annotations(), "labels", meta().labels());
    return meta().generation() + "-" + Hashes.sha3(both.toString());
  }
}
