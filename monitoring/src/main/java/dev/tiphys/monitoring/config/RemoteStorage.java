package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.RemoteStorageCheck;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where a Prometheus sends its samples besides, and where it asks for older ones: its fields
/// `remoteWrite` and `remoteRead`.
record RemoteStorage(Scraping scraping) {

  private static final Map<String, String> QUEUE =
      new TreeMap<>(
          Map.of(
              "batchSendDeadline", "batch_send_deadline",
              "capacity", "capacity",
              "maxBackoff", "max_backoff",
              "maxSamplesPerSend", "max_samples_per_send",
              "maxShards", "max_shards",
              "minBackoff", "min_backoff",
              "minShards", "min_shards",
              "retryOnRateLimit", "retry_on_http_429"));
  private static final Map<String, String> METADATA =
      new TreeMap<>(
          Map.of(
              "send", "send",
              "sendInterval", "send_interval",
              "maxSamplesPerSend", "max_samples_per_send"));

  /// As `remote_write` has them.
  List<Struct> writes() throws RejectedException {
    List<Struct> all = new ArrayList<>();
    for (Struct each : checked("remoteWrite")) {
      all.add(write(each));
    }
    return List.copyOf(all);
  }

  /// As `remote_read` has them.
  List<Struct> reads() throws RejectedException {
    List<Struct> all = new ArrayList<>();
    for (Struct each : checked("remoteRead")) {
      all.add(read(each));
    }
    return List.copyOf(all);
  }

  private List<Struct> checked(String field) throws RejectedException {
    List<Struct> all = scraping.prometheus().spec().structs(field);
    RemoteStorageCheck check =
        new RemoteStorageCheck(scraping.sources(), scraping.prometheus().key().namespace());
    for (int i = 0; i < all.size(); i++) {
      try {
        check.check(all.get(i));
      } catch (RejectedException e) {
        throw e.in("%s[%d]".formatted(field, i));
      }
    }
    return all;
  }

  private Struct write(Struct spec) throws RejectedException {
    StructBuilder out = common(spec);
    if (version().isAtLeast(2, 54) && spec.has("messageVersion")) {
      out.add(
          "protobuf_message",
          spec.string("messageVersion").equals("V2.0")
              ? "io.prometheus.write.v2.Request"
              : "prometheus.WriteRequest");
    }
    copy(out, spec, "sendExemplars", "send_exemplars");
    copy(out, spec, "sendNativeHistograms", "send_native_histograms");
    out.addUnlessEmpty(
        "write_relabel_configs",
        new Relabelings().addAll(spec.structs("writeRelabelConfigs")).build());
    if (spec.has("sigv4")) {
      out.add("sigv4", signature(spec.struct("sigv4")));
    }
    if (spec.has("azureAd") && version().isAtLeast(2, 45)) {
      out.add("azuread", azure(spec.struct("azureAd")));
    }
    if (spec.has("queueConfig")) {
      Struct queue = spec.struct("queueConfig");
      StructBuilder fields = renamed(queue, QUEUE);
      if (version().isAtLeast(2, 50)) {
        copy(fields, queue, "sampleAgeLimit", "sample_age_limit");
      }
      out.add("queue_config", fields.build());
    }
    if (spec.has("metadataConfig")) {
      out.add("metadata_config", renamed(spec.struct("metadataConfig"), METADATA).build());
    }
    if (version().isAtLeast(3, 1)) {
      copy(out, spec, "roundRobinDNS", "round_robin_dns");
    }
    return out.build();
  }

  private Struct read(Struct spec) throws RejectedException {
    StructBuilder out = common(spec);
    out.addUnlessEmpty("required_matchers", spec.struct("requiredMatchers"));
    copy(out, spec, "readRecent", "read_recent");
    copy(out, spec, "filterExternalLabels", "filter_external_labels");
    return out.build();
  }

  private StructBuilder common(Struct spec) throws RejectedException {
    StructBuilder out =
        new StructBuilder()
            .add("url", spec.string("url"))
            .addUnlessEmpty("remote_timeout", spec.string("remoteTimeout"))
            .addUnlessEmpty("headers", spec.struct("headers"))
            .addUnlessEmpty("name", spec.string("name"));
    Monitor owner = new Monitor(MonitoringResources.PROMETHEUSES, scraping.prometheus().object());
    scraping.http(owner).addTo(out, spec, Struct.EMPTY);
    if (!spec.string("bearerToken").isEmpty()) {
      byte[] token = spec.string("bearerToken").getBytes(StandardCharsets.UTF_8);
      out.add("authorization", Struct.of("credentials_file", scraping.assets().secret(token)));
    }
    return out;
  }

  /// By which AWS knows the sender.
  private Struct signature(Struct spec) throws RejectedException {
    StructBuilder out = new StructBuilder().addUnlessEmpty("region", spec.string("region"));
    if (spec.has("accessKey") && spec.has("secretKey")) {
      out.add("access_key", secret(spec.struct("accessKey")));
      out.add("secret_key", secret(spec.struct("secretKey")));
    }
    return out.addUnlessEmpty("profile", spec.string("profile"))
        .addUnlessEmpty("role_arn", spec.string("roleArn"))
        .build();
  }

  private Struct azure(Struct spec) throws RejectedException {
    StructBuilder out = new StructBuilder();
    if (spec.has("managedIdentity")) {
      out.add(
          "managed_identity",
          new StructBuilder()
              .addUnlessEmpty("client_id", spec.string("managedIdentity", "clientId"))
              .build());
    }
    if (spec.has("oauth") && version().isAtLeast(2, 48)) {
      Struct oauth = spec.struct("oauth");
      out.add(
          "oauth",
          Struct.of(
              "client_id",
              oauth.string("clientId"),
              "client_secret",
              secret(oauth.struct("clientSecret")),
              "tenant_id",
              oauth.string("tenantId")));
    }
    if (spec.has("sdk") && version().isAtLeast(2, 52)) {
      out.add("sdk", Struct.of("tenant_id", spec.string("sdk", "tenantId")));
    }
    return out.addUnlessEmpty("cloud", spec.string("cloud")).build();
  }

  private String secret(Struct reference) throws RejectedException {
    byte[] value = scraping.sources().secret(scraping.prometheus().key().namespace(), reference);
    return new String(value, StandardCharsets.UTF_8);
  }

  private Version version() {
    return scraping.version();
  }

  private static StructBuilder renamed(Struct fields, Map<String, String> names) {
    StructBuilder out = new StructBuilder();
    names.forEach((field, setting) -> copy(out, fields, field, setting));
    return out;
  }

  private static void copy(StructBuilder out, Struct fields, String field, String setting) {
    Object value = fields.get(field);
    if (value != null) {
      out.add(setting, value);
    }
  }
}
