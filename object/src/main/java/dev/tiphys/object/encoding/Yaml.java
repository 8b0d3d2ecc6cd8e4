package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/// YAML 1.2 to trees and back, as far as JSON reaches: keys are strings, and anchors are followed.
///
/// Threads: any.
public final class Yaml {

  private Yaml() {}

  /// The one document in `yaml`.
  ///
  /// @throws EncodingException if that is not one YAML document
  public static Object parse(String yaml) {
    try {
      return tree(new Load(settings()).loadFromString(yaml));
    } catch (YamlEngineException e) {
      throw new EncodingException("error converting YAML to JSON: " + e.getMessage(), e);
    }
  }

  /// The documents in `yaml`, empty ones left out.
  ///
  /// @throws EncodingException if any of them is not YAML
  public static List<Object> parseAll(String yaml) {
    List<Object> documents = new ArrayList<>();
    try {
      for (Object document : new Load(settings()).loadAllFromString(yaml)) {
        if (document != null) {
          documents.add(tree(document));
        }
      }
    } catch (YamlEngineException e) {
      throw new EncodingException("error converting YAML to JSON: " + e.getMessage(), e);
    }
    return documents;
  }

  /// The struct in `yaml`.
  ///
  /// @throws EncodingException if that is not one mapping
  public static Struct struct(String yaml) {
    if (parse(yaml) instanceof Struct struct) {
      return struct;
    }
    throw new EncodingException("expected a YAML mapping");
  }

  /// `tree` as a block of YAML.
  public static String text(Object tree) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(1000)
            .setSchema(new Cautious())
            .build();
    return new Dump(settings).dumpToString(plain(tree));
  }

  private static LoadSettings settings() {
    return LoadSettings.builder().setCodePointLimit(8 << 20).setAllowDuplicateKeys(false).build();
  }

  private static Object tree(@Nullable Object loaded) {
    return switch (loaded) {
      case null -> Null.NULL;
      case Map<?, ?> map -> struct(map);
      case List<?> list -> list.stream().map(Yaml::tree).toList();
      case Integer number -> number.longValue();
      case BigInteger number -> number.doubleValue();
      case Long number -> number;
      case Double number -> number;
      case Boolean truth -> truth;
      case String text -> text;
      default -> loaded.toString();
    };
  }

  private static Struct struct(Map<?, ?> map) {
    StructBuilder fields = new StructBuilder(map.size());
    map.forEach((key, value) -> fields.put(String.valueOf(key), tree(value)));
    return fields.build();
  }

  private static @Nullable Object plain(Object tree) {
    return switch (tree) {
      case Null _ -> null;
      case Struct struct -> {
        Map<String, @Nullable Object> map = new TreeMap<>();
        struct.forEach((name, value) -> map.put(name, plain(value)));
        yield map;
      }
      case List<?> list -> {
        List<@Nullable Object> plain = new ArrayList<>(list.size());
        list.forEach(element -> plain.add(plain(element)));
        yield plain;
      }
      default -> tree;
    };
  }

  /// Quotes texts that readers of YAML 1.1 would take for something else: Kubernetes' own read
  /// `yes`, `010` and `1_000` as no texts.
  private static final class Cautious extends JsonSchema {
    private static final Pattern AMBIGUOUS =
        Pattern.compile(
            "(?i:y|yes|n|no|on|off|true|false|null|~)"
                + "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])*(\\.[0-9_]*)?"
                + "|[-+]?0[xob][0-9a-fA-F_]+"
                + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?");

    private static final Tag ELSE = new Tag("tag:yaml.org,2002:value");

    @Override
    public ScalarResolver getScalarResolver() {
      ScalarResolver usual = super.getScalarResolver();
      return (value, implicit) -> {
        Tag tag = usual.resolve(value, implicit);
        boolean plain = implicit && tag.equals(Tag.STR);
        return plain && AMBIGUOUS.matcher(value).matches() ? ELSE : tag;
      };
    }
  }
}
