package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/// YAML to trees and back, as far as JSON reaches: keys are strings, and aliases are followed.
/// Scalars are read by the rules of YAML 1.1, as Kubernetes does.
///
/// Threads: any.
public final class Yaml {

  private static final Consumer<String> IGNORE = key -> {};

  private static final DumpSettings DUMP_SETTINGS =
      DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(80).build();

  private Yaml() {}

  /// The first document in `yaml`; null if there is none in it.
  ///
  /// @throws EncodingException if that is no YAML, or no JSON can say it
  public static Object parse(String yaml) {
    return parse(yaml, IGNORE);
  }

  /// As [#parse(String)]; tells `duplicate` of every key that stands twice in its mapping. The last
  /// one counts.
  public static Object parse(String yaml, Consumer<String> duplicate) {
    Object first = YamlReader.first(yaml, duplicate);
    return first == null ? Null.NULL : first;
  }

  /// The documents in `yaml`, empty ones left out.
  ///
  /// @throws EncodingException if any of them is not YAML, or no JSON can say it
  public static List<Object> parseAll(String yaml) {
    return YamlReader.all(yaml, IGNORE).stream().filter(each -> each != Null.NULL).toList();
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
    return new Dump(DUMP_SETTINGS, new Representer()).dumpToString(plain(tree));
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

  /// Writes texts as Kubernetes does: several lines as a block, and in double quotes what would be
  /// read as something else.
  private static final class Representer extends StandardRepresenter {
    Representer() {
      super(DUMP_SETTINGS);
      representers.put(
          String.class, data -> representScalar(Tag.STR, (String) data, style((String) data)));
    }

    private static ScalarStyle style(String text) {
      if (text.indexOf('\n') >= 0) {
        return ScalarStyle.LITERAL;
      }
      return YamlScalars.isAmbiguous(text) ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN;
    }
  }
}
