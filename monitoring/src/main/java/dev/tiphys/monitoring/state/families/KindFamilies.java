package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The families about objects of one kind.
///
/// @param resource which kind
/// @param names the labels by which its objects are told apart, and the fields that they show, by
///   turns; a field's names are parted by dots
public record KindFamilies(ApiResource resource, List<String> names, List<Family> families) {

  public KindFamilies {
    names = List.copyOf(names);
    families = List.copyOf(families);
  }

  /// What an object adds to all of them.
  public ObjectSamples render(Struct object) {
    Samples samples = new Samples();
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 10);
    int[] ends = new int[families.size()];
    for (int i = 0; i < ends.length; i++) {
      families.get(i).rule().write(object, samples);
      samples.drainTo(out);
      ends[i] = out.size();
    }
    return new ObjectSamples(labels(object), out.toByteArray(), ends);
  }

  private byte[] labels(Struct object) {
    StringBuilder text = new StringBuilder(128);
    for (int i = 0; i < names.size(); i += 2) {
      Samples.label(text, names.get(i), object.string(names.get(i + 1).split("\\.")));
    }
    return text.substring(1).getBytes(StandardCharsets.UTF_8);
  }

  /// Puts a table of families together.
  static final class Builder {
    private final String prefix;
    private final ApiResource resource;
    private final List<String> names;
    private final List<Family> families = new ArrayList<>();

    /// @param prefix what all families' names begin with
    Builder(String prefix, ApiResource resource, String... names) {
      this.prefix = prefix;
      this.resource = resource;
      this.names = List.of(names);
    }

    /// One whose objects are told apart by namespace and name.
    static Builder namespaced(String prefix, ApiResource resource, String label) {
      return new Builder(
          prefix, resource, "namespace", "metadata.namespace", label, "metadata.name");
    }

    /// Adds a gauge.
    Builder gauge(String name, String help, Rule rule) {
      families.add(Family.gauge(prefix + name, help, rule));
      return this;
    }

    /// Adds a counter.
    Builder counter(String name, String help, Rule rule) {
      families.add(Family.counter(prefix + name, help, rule));
      return this;
    }

    Builder created() {
      return gauge("_created", "When it was created.", Rule.time("metadata", "creationTimestamp"));
    }

    Builder deleted() {
      return gauge(
          "_deletion_timestamp",
          "Since when it is being deleted.",
          Rule.time("metadata", "deletionTimestamp"));
    }

    Builder generation() {
      return gauge(
          "_metadata_generation",
          "How often what is wanted was changed.",
          Rule.number("metadata", "generation"));
    }

    Builder observedGeneration() {
      return gauge(
          "_status_observed_generation",
          "The generation that the status is about.",
          Rule.number("status", "observedGeneration"));
    }

    Builder version() {
      return gauge("_metadata_resource_version", "The version of the object.", Rule.version());
    }

    Builder owners() {
      return gauge("_owner", "What it belongs to.", Rule.owners());
    }

    KindFamilies build() {
      return new KindFamilies(resource, names, families);
    }
  }
}
