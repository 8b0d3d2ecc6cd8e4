package dev.tiphys.secrets.model;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.List;

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
