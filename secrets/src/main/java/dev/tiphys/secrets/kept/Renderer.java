package dev.tiphys.secrets.kept;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.data.Decoding;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.validation.TemplateCheck;
import dev.tiphys.template.Functions;
import dev.tiphys.template.MissingKey;
import dev.tiphys.template.Strings;
import dev.tiphys.template.Template;
import dev.tiphys.template.TemplateException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Makes of fetched values what a Secret is to have: as they are, or by the target's template, in
/// the order that decides which of several wins: what was fetched, `templateFrom` one by one,
/// `data`.
public final class Renderer {

  /// Shorter values are parts of many words.
  private static final int SHORTEST_SECRET = 4;

  private final Api api;
  private final Functions functions;

  /// @param api reads what templates are taken from
  public Renderer(Api api, Functions functions) {
    this.api = api;
    this.functions = functions;
  }

  /// @param existing the values that stay in the Secret unless they are replaced
  /// @throws StoreException if a template cannot be had or fails
  public Rendered render(
      ExternalSecret secret, Map<String, byte[]> existing, Map<String, byte[]> fetched) {
    if (!secret.hasTemplate()) {
      Map<String, byte[]> data = new LinkedHashMap<>(existing);
      data.putAll(fetched);
      return new Rendered(
          "",
          data,
          Rendered.texts(secret.meta().labels()),
          Rendered.texts(secret.meta().annotations()),
          List.of());
    }
    return new Rendering(secret, existing, fetched).run();
  }

  /// One template at work.
  private final class Rendering {
    private final ExternalSecret secret;
    private final Struct template;
    private final Map<String, byte[]> fetched;
    private final Strings values;
    private final Map<String, byte[]> data;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, String> annotations = new LinkedHashMap<>();

    Rendering(ExternalSecret secret, Map<String, byte[]> existing, Map<String, byte[]> fetched) {
      this.secret = secret;
      this.template = secret.template();
      this.fetched = fetched;
      this.values = Strings.of(fetched);
      this.data = new LinkedHashMap<>(existing);
      boolean plain = !template.has("data") && template.structs("templateFrom").isEmpty();
      if (plain || template.string("mergePolicy").equals("Merge")) {
        data.putAll(fetched);
      }
    }

    Rendered run() {
      String version = template.string("engineVersion");
      if (!version.isEmpty() && !version.equals("v2")) {
        throw failed("unsupported template engine version: " + version);
      }
      List<String> problems = TemplateCheck.problems(template);
      if (!problems.isEmpty()) {
        throw failed(String.join("\n", problems));
      }
      for (Struct from : template.structs("templateFrom")) {
        apply(from);
      }
      template
          .struct("data")
          .forEach((key, text) -> put("Data", key, execute(key, String.valueOf(text))));
      Struct metadata = template.struct("metadata");
      metadata.struct("labels").forEach((key, text) -> labels.put(key, text(key, text)));
      metadata.struct("annotations").forEach((key, text) -> annotations.put(key, text(key, text)));
      return new Rendered(
          template.string("type"), data, labels, annotations, metadata.strings("finalizers"));
    }

    private void apply(Struct from) {
      String target = from.string("target");
      Decoding decoding = Decoding.of(from.string("valuesDecodingStrategy"));
      if (from.has("literal")) {
        all(target, "literal", from.string("literal"), decoding);
      }
      if (from.has("configMap")) {
        items(from.struct("configMap"), ApiResource.CONFIG_MAPS, target, decoding);
      }
      if (from.has("secret")) {
        items(from.struct("secret"), ApiResource.SECRETS, target, decoding);
      }
    }

    private void items(Struct source, ApiResource resource, String target, Decoding decoding) {
      String name = source.string("name");
      Map<String, String> texts = texts(resource, name);
      String what = resource == ApiResource.SECRETS ? "secret" : "configmap";
      for (Struct item : source.structs("items")) {
        String key = item.string("key");
        String text = texts.get(key);
        if (text == null) {
          throw failed("error in %s %s: missing key %s".formatted(what, name, key));
        }
        if (item.string("templateAs").equals("KeysAndValues")) {
          all(target, key, text, decoding);
        } else {
          put(target, key, decoding.decode(key, execute(key, text)));
        }
      }
    }

    private Map<String, String> texts(ApiResource resource, String name) {
      Struct found;
      try {
        found = api.get(resource, secret.namespace(), name);
      } catch (ApiException e) {
        throw failed(
            "error fetching %s %s: %s"
                .formatted(
                    resource == ApiResource.SECRETS ? "secret" : "configmap", name, e.message()));
      }
      Map<String, String> texts = new LinkedHashMap<>();
      if (resource == ApiResource.SECRETS) {
        SecretData.of(found)
            .forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
      } else {
        texts.putAll(Rendered.texts(found.struct("data")));
      }
      return texts;
    }

    /// The text that a template makes is a map of its own.
    private void all(String target, String key, String text, Decoding decoding) {
      byte[] made = execute(key, text);
      Object tree;
      try {
        tree = Yaml.parse(new String(made, StandardCharsets.UTF_8));
      } catch (EncodingException e) {
        throw failed("could not unmarshal template to 'map[string][]byte': it is no YAML");
      }
      if (!(tree instanceof Struct map)) {
        throw failed("could not unmarshal template to 'map[string][]byte': it is no map");
      }
      map.forEach((name, value) -> put(target, name, decoding.decode(name, Values.bytes(value))));
    }

    private void put(String target, String key, byte[] value) {
      switch (target.toLowerCase(Locale.ROOT)) {
        case "", "data" -> data.put(key, value);
        case "labels" -> labels.put(key, new String(value, StandardCharsets.UTF_8));
        case "annotations" -> annotations.put(key, new String(value, StandardCharsets.UTF_8));
        default -> throw failed("expected 'Data', 'Annotations' or 'Labels', got '" + target + "'");
      }
    }

    private String text(String key, Object template) {
      return new String(execute(key, String.valueOf(template)), StandardCharsets.UTF_8);
    }

    private byte[] execute(String key, String text) {
      Template parsed;
      try {
        parsed = Template.parse(key, text, functions).missingKey(MissingKey.ERROR);
      } catch (TemplateException e) {
        throw failed("unable to parse template at key %s: %s".formatted(key, e.getMessage()));
      }
      try {
        return parsed.bytes(values);
      } catch (TemplateException e) {
        throw failed("unable to execute template at key %s: %s".formatted(key, e.getMessage()));
      }
    }

    private StoreException failed(String why) {
      return new StoreException("could not apply template: " + redacted(why));
    }

    /// Functions say what they could not work with, which may be a secret.
    private String redacted(String why) {
      String text = why;
      for (byte[] value : fetched.values()) {
        String secret = new String(value, StandardCharsets.UTF_8);
        if (secret.length() >= SHORTEST_SECRET) {
          text = text.replace(secret, "***");
        }
      }
      return text;
    }
  }
}
