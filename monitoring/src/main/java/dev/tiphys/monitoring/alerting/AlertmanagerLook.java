package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.monitoring.config.Assets;
import dev.tiphys.monitoring.config.Rendered;
import dev.tiphys.monitoring.model.Alertmanager;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.monitoring.server.ConfigurationFiles;
import dev.tiphys.monitoring.server.Exposure;
import dev.tiphys.monitoring.server.KeptServer;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.object.selector.LabelSelector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One look at one Alertmanager: which AlertmanagerConfigs it takes, which of these it can use, and
/// whether its server has them.
///
/// Threads: one.
final class AlertmanagerLook {

  private static final String KEY = "alertmanager.yaml";
  private static final long PORT = 9093;

  private final ServerTools tools;
  private final Alertmanager alertmanager;
  private final KeptServer kept;
  private final Map<ObjectKey, String> refused = new HashMap<>();
  private List<Struct> selected = List.of();

  AlertmanagerLook(ServerTools tools, Alertmanager alertmanager, KeptServer kept) {
    this.tools = tools;
    this.alertmanager = alertmanager;
    this.kept = kept;
  }

  Outcome run() throws InterruptedException {
    String failure =
        alertmanager.isPaused() ? "" : kept.keep(this::configure, this::flags, exposure());
    AlertmanagerStatus status = new AlertmanagerStatus(tools, alertmanager);
    status.write(failure, kept);
    if (!alertmanager.isPaused()) {
      selected.forEach(
          config -> status.bind(config, refused.getOrDefault(ObjectKey.of(config), "")));
    }
    return failure.isEmpty() ? Outcome.DONE : Outcome.RETRY;
  }

  /// One that has no others beside it listens for none.
  private List<String> flags() {
    Struct spec = alertmanager.spec();
    List<String> all = new ArrayList<>();
    all.add("--config.file=" + ConfigurationFiles.MAIN);
    all.add("--storage.path=" + ServerProgram.DATA);
    all.add("--cluster.listen-address=");
    all.add("--data.retention=" + or(spec.string("retention"), "120h"));
    all.add("--log.level=" + or(spec.string("logLevel"), "warn"));
    if (!spec.string("externalUrl").isEmpty()) {
      all.add("--web.external-url=" + spec.string("externalUrl"));
      all.add("--web.route-prefix=" + or(spec.string("routePrefix"), "/"));
    }
    return List.copyOf(all);
  }

  private static String or(String value, String usual) {
    return value.isEmpty() ? usual : value;
  }

  private Exposure exposure() {
    return Exposure.of(
        alertmanager.service(),
        alertmanager.object(),
        Struct.of("operated-alertmanager", "true"),
        PORT,
        tools.place().machine());
  }

  private String configure() throws RejectedException, InterruptedException {
    Sources sources = tools.objects().sources();
    Struct base = base(sources);
    selected = taken();
    Rendered rendered = rendered(base, selected, sources);
    String refusal = "";
    if (!kept.has(rendered)) {
      refusal = kept.check(rendered);
      if (!refusal.isEmpty()) {
        rendered = rendered(base, usable(base, sources), sources);
        refusal = kept.check(rendered);
      }
      if (refusal.isEmpty()) {
        kept.take(rendered);
      }
    }
    kept.refersTo(sources.used());
    return refusal;
  }

  /// Those that Alertmanager takes, each tried by itself.
  private List<Struct> usable(Struct base, Sources sources) throws InterruptedException {
    List<Struct> usable = new ArrayList<>();
    for (Struct config : selected) {
      if (!refused.containsKey(ObjectKey.of(config))) {
        String refusal = kept.check(rendered(base, List.of(config), sources));
        if (refusal.isEmpty()) {
          usable.add(config);
        } else {
          refused.put(ObjectKey.of(config), refusal);
        }
      }
    }
    return usable;
  }

  private Rendered rendered(Struct base, List<Struct> configs, Sources sources) {
    Assets assets = new Assets(kept.directory());
    AlertmanagerConfiguration made =
        AlertmanagerConfiguration.of(
            base,
            AlertmanagerConfiguration.Strategy.of(alertmanager.object()),
            alertmanager.key().namespace(),
            configs,
            sources,
            assets);
    refused.putAll(made.refused());
    return new Rendered(Yaml.text(made.tree()), assets.files(), Map.of());
  }

  /// What the user configures by hand.
  private Struct base(Sources sources) throws RejectedException {
    ObjectKey secret = alertmanager.secret();
    boolean named = !alertmanager.spec().string("configSecret").isEmpty();
    if (!named && tools.objects().around(ApiResource.SECRETS).find(secret) == null) {
      return AlertmanagerConfiguration.SILENT;
    }
    byte[] content =
        sources.secret(secret.namespace(), Struct.of("name", secret.name(), "key", KEY));
    try {
      return Yaml.struct(new String(content, StandardCharsets.UTF_8));
    } catch (EncodingException e) {
      throw new RejectedException("secret \"%s\": %s".formatted(secret.name(), e.getMessage()));
    }
  }

  /// The AlertmanagerConfigs that the Alertmanager selects: none without a selector, and those of
  /// its own namespace without one of namespaces.
  private List<Struct> taken() {
    Struct spec = alertmanager.spec();
    if (!spec.has("alertmanagerConfigSelector")) {
      return List.of();
    }
    LabelSelector selector = LabelSelector.from(spec.struct("alertmanagerConfigSelector"));
    return tools.objects().kind(MonitoringResources.ALERTMANAGER_CONFIGS).list().stream()
        .filter(config -> selector.matches(Meta.of(config).labels()))
        .filter(config -> takesFrom(Meta.of(config).namespace()))
        .toList();
  }

  private boolean takesFrom(String namespace) {
    Struct spec = alertmanager.spec();
    if (!spec.has("alertmanagerConfigNamespaceSelector")) {
      return namespace.equals(alertmanager.key().namespace());
    }
    Struct found =
        tools.objects().around(ApiResource.NAMESPACES).find(new ObjectKey("", namespace));
    return LabelSelector.from(spec.struct("alertmanagerConfigNamespaceSelector"))
        .matches(found == null ? Struct.EMPTY : Meta.of(found).labels());
  }
}
