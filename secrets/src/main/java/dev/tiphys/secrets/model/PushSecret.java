package dev.tiphys.secrets.model;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A PushSecret.
public record PushSecret(Struct object) {

  private static final Duration INTERVAL = Duration.ofHours(1);

  public Meta meta() {
    return Meta.of(object);
  }

  public String namespace() {
    return meta().namespace();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public Struct status() {
    return object.struct("status");
  }

  /// What to push besides single values.
  public List<Struct> dataTo() {
    return spec().structs("dataTo");
  }

  /// Whether what was pushed goes once it is no longer wanted.
  public boolean deletes() {
    return spec().string("deletionPolicy").equals("Delete");
  }

  /// Whether what a store has already stays as it is.
  public boolean keepsExisting() {
    return spec().string("updatePolicy").equals("IfNotExists");
  }

  /// How often it is pushed; zero for once.
  public Duration interval() {
    String text = spec().string("refreshInterval");
    return text.isEmpty() ? INTERVAL : GoDuration.parse(text);
  }

  /// What was pushed, by stores (`SecretStore/main`) and places in them.
  public Struct synced() {
    return status().struct("syncedPushSecrets");
  }

  /// Stands for its spec, labels and annotations.
  public String version() {
    return new ExternalSecret(object).version();
  }

  /// Whether it is to be pushed now.
  public boolean isDue(Instant now) {
    String synced = status().string("syncedResourceVersion");
    if (!synced.equals(version())) {
      return true;
    }
    Instant last = Timestamps.of(status().get("refreshTime"));
    return interval().isPositive() && (last == null || last.plus(interval()).isBefore(now));
  }

  /// When it is to be pushed next; null if only a change brings that about.
  public @Nullable Instant next() {
    Instant last = Timestamps.of(status().get("refreshTime"));
    return last == null || !interval().isPositive() ? null : last.plus(interval());
  }

  /// Itself as an ExternalSecret that has its template.
  public ExternalSecret asTemplate() {
    return new ExternalSecret(
        object.with("spec", Struct.of("target", Struct.of("template", spec().struct("template")))));
  }
}
