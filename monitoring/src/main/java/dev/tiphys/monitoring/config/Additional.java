package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.PodFiles;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Parts of a configuration that a Prometheus has in a Secret as they are, in the fields
/// `additionalScrapeConfigs`, `additionalAlertManagerConfigs` and `additionalAlertRelabelConfigs`.
///
/// Files that they name are those of the machine. Only the two that Pods have of their service
/// account are let through, and mean what Prometheus itself sees the cluster with.
record Additional(Scraping scraping) {

  private static final String FILE = "_file";

  /// The entries of a field; none if the Prometheus does not have it.
  List<Struct> entries(String field) throws RejectedException {
    Struct reference = scraping.prometheus().spec().struct(field);
    if (reference.isEmpty()) {
      return List.of();
    }
    try {
      byte[] content =
          scraping.sources().secret(scraping.prometheus().key().namespace(), reference);
      return entries(content);
    } catch (RejectedException e) {
      throw e.in("loading " + field + " from Secret failed");
    }
  }

  private List<Struct> entries(byte[] content) throws RejectedException {
    Object parsed;
    try {
      parsed = Yaml.parse(new String(content, StandardCharsets.UTF_8));
    } catch (EncodingException e) {
      throw new RejectedException(String.valueOf(e.getMessage()));
    }
    if (parsed == Null.NULL) {
      return List.of();
    }
    if (!(parsed instanceof List<?> all)) {
      throw new RejectedException("it is not a list");
    }
    List<Struct> entries = new ArrayList<>();
    for (Object each : all) {
      if (!(translated("", each) instanceof Struct entry)) {
        throw new RejectedException("an entry is not a mapping");
      }
      entries.add(entry);
    }
    return List.copyOf(entries);
  }

  private Object translated(String field, Object value) throws RejectedException {
    if (value instanceof Struct fields) {
      StructBuilder out = new StructBuilder();
      for (String name : fields.names()) {
        out.add(name, translated(name, Objects.requireNonNull(fields.get(name))));
      }
      return out.build();
    }
    if (value instanceof List<?> elements) {
      List<Object> out = new ArrayList<>();
      for (Object each : elements) {
        out.add(translated(field, each));
      }
      return List.copyOf(out);
    }
    return value instanceof String text && (field.endsWith(FILE) || field.equals("files"))
        ? file(field, text)
        : value;
  }

  private String file(String field, String name) throws RejectedException {
    return switch (name) {
      case PodFiles.TOKEN -> scraping.access().token().toString();
      case PodFiles.AUTHORITY -> scraping.access().authority().toString();
      default ->
          throw new RejectedException(
              "it accesses file system via %s which Prometheus specification prohibits"
                  .formatted(field));
    };
  }
}
