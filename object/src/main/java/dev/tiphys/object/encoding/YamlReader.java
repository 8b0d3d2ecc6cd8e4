package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Builds trees from the events of the YAML parser. How deep trees are, and how much aliases
/// repeat, is bounded.
///
/// Threads: one.
final class YamlReader {

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(8 << 20).build();

  /// Aliases may repeat this many values before their share counts.
  private static final int FREELY_REPEATED = 100;

  /// Of all values, this share may come from aliases, as long as there are not many of them.
  private static final double LARGEST_SHARE = 0.99;

  private static final double LARGEST_SHARE_OF_MANY = 0.10;
  private static final int MANY = 400_000;

  private final Iterator<Event> events;
  private final Consumer<String> duplicate;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private final List<Open> open = new ArrayList<>();
  private long values;
  private long repeated;

  /// A value that aliases may repeat.
  ///
  /// @param tree the value; null as long as its end has not been read
  /// @param size how many values it consists of
  private record Anchored(@Nullable Object tree, long size) {}

  private YamlReader(String yaml, Consumer<String> duplicate) {
    this.events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, yaml));
    this.duplicate = duplicate;
  }

  /// The first document, or null if there is none.
  ///
  /// @param duplicate told of every key that stands twice in its mapping; the last one counts
  static @Nullable Object first(String yaml, Consumer<String> duplicate) {
    List<Object> found = documents(yaml, duplicate, 1);
    return found.isEmpty() ? null : found.getFirst();
  }

  static List<Object> all(String yaml, Consumer<String> duplicate) {
    return documents(yaml, duplicate, Integer.MAX_VALUE);
  }

  private static List<Object> documents(String yaml, Consumer<String> duplicate, int most) {
    List<Object> documents = new ArrayList<>();
    try {
      YamlReader reader = new YamlReader(yaml, duplicate);
      while (documents.size() < most && reader.events.hasNext()) {
        if (reader.events.next().getEventId() == Event.ID.DocumentStart) {
          reader.anchors.clear();
          documents.add(reader.value(reader.events.next()));
        }
      }
    } catch (YamlEngineException e) {
      throw new EncodingException(problem(e), e);
    }
    return documents;
  }

  /// Reads the value that begins with an event. Collections that are open stand in a list, not on
  /// the thread's stack, which deep ones would exhaust.
  private Object value(Event first) {
    open.clear();
    Event event = first;
    Object value = begin(event);
    while (value == null || !open.isEmpty()) {
      if (value != null) {
        open.getLast().take(event, value);
      }
      event = events.next();
      if (event instanceof CollectionEndEvent) {
        Open closed = open.removeLast();
        event = closed.start;
        value = anchored(closed.start, closed.before, closed.tree());
      } else {
        value = begin(event);
      }
    }
    return value;
  }

  /// The value of an event; null if that opens a collection.
  private @Nullable Object begin(Event event) {
    values++;
    return switch (event) {
      case ScalarEvent scalar -> anchored(scalar, values, scalar(scalar));
      case SequenceStartEvent start -> open(new OpenList(start, values));
      case MappingStartEvent start -> open(new OpenStruct(start, values));
      case AliasEvent alias -> repeated(alias);
      default -> throw new EncodingException("yaml: unexpected " + event.getEventId());
    };
  }

  private @Nullable Object open(Open collection) {
    if (open.size() == JsonReader.DEEPEST) {
      throw new EncodingException("yaml: " + JsonReader.TOO_DEEP);
    }
    collection
        .start
        .getAnchor()
        .ifPresent(anchor -> anchors.put(anchor.getValue(), new Anchored(null, 0)));
    open.add(collection);
    return null;
  }

  /// A collection whose end has not been read.
  private abstract static sealed class Open permits OpenList, OpenStruct {
    final NodeEvent start;

    /// How many values there were when it began.
    final long before;

    Open(NodeEvent start, long before) {
      this.start = start;
      this.before = before;
    }

    /// Adds what the next value in it is.
    ///
    /// @param event with which that began
    abstract void take(Event event, Object value);

    abstract Object tree();
  }

  private static final class OpenList extends Open {
    private final List<Object> elements = new ArrayList<>();

    OpenList(SequenceStartEvent start, long before) {
      super(start, before);
    }

    @Override
    void take(Event event, Object value) {
      elements.add(value);
    }

    @Override
    Object tree() {
      return List.of(elements.toArray());
    }
  }

  private final class OpenStruct extends Open {
    private final StructBuilder fields = new StructBuilder();
    private @Nullable Event keyEvent;
    private @Nullable Object key;

    OpenStruct(MappingStartEvent start, long before) {
      super(start, before);
    }

    @Override
    void take(Event event, Object value) {
      Object name = key;
      Event named = keyEvent;
      if (name == null || named == null) {
        key = value;
        keyEvent = event;
        return;
      }
      key = null;
      if (isMerge(named)) {
        merge(fields, value);
      } else if (fields.put(name(name), value) != null) {
        duplicate.accept(
            "line " + line(named.getStartMark()) + ": key " + quoted(name) + " already set in map");
      }
    }

    @Override
    Object tree() {
      return fields.build();
    }
  }

  private Object anchored(NodeEvent event, long before, Object tree) {
    event
        .getAnchor()
        .ifPresent(
            anchor -> anchors.put(anchor.getValue(), new Anchored(tree, 1 + values - before)));
    return tree;
  }

  private Object repeated(AliasEvent alias) {
    String name = alias.getAlias().getValue();
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new EncodingException("yaml: unknown anchor '" + name + "' referenced");
    }
    if (anchored.tree == null) {
      throw new EncodingException("yaml: anchor '" + name + "' value contains itself");
    }
    values += anchored.size;
    repeated += anchored.size;
    double share = values <= MANY ? LARGEST_SHARE : LARGEST_SHARE_OF_MANY;
    if (repeated > FREELY_REPEATED && repeated > share * values) {
      throw new EncodingException("yaml: document contains excessive aliasing");
    }
    return anchored.tree;
  }

  private static boolean isMerge(Event key) {
    return key instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().equals("<<");
  }

  private static void merge(StructBuilder fields, Object value) {
    switch (value) {
      case Struct struct -> struct.forEach(fields::put);
      case List<?> list -> list.reversed().forEach(element -> merge(fields, element));
      default ->
          throw new EncodingException(
              "yaml: map merge requires map or sequence of maps as the value");
    }
  }

  private static String quoted(Object key) {
    return key instanceof String text ? Json.text(text) : String.valueOf(key);
  }

  private static String name(Object key) {
    return switch (key) {
      case String text -> text;
      case Long number -> Long.toString(number);
      case Boolean truth -> Boolean.toString(truth);
      case Double number -> Json.text(number);
      default ->
          throw new EncodingException(
              "unsupported map key of type: " + Json.kind(key) + ", key: " + Json.text(key));
    };
  }

  private static Object scalar(ScalarEvent scalar) {
    String text = scalar.getValue();
    String tag = scalar.getTag().orElse("");
    return switch (tag) {
      case "", "!" ->
          scalar.getScalarStyle() == ScalarStyle.PLAIN && tag.isEmpty()
              ? YamlScalars.value(text)
              : text;
      case "tag:yaml.org,2002:null" -> Null.NULL;
      case "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int" -> YamlScalars.value(text);
      case "tag:yaml.org,2002:float" ->
          YamlScalars.value(text) instanceof Long number
              ? (Object) number.doubleValue()
              : YamlScalars.value(text);
      case "tag:yaml.org,2002:binary" -> binary(text);
      default -> text;
    };
  }

  private static String binary(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new EncodingException("yaml: !!binary value contains invalid base64 data", e);
    }
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(0) + 1;
  }

  /// What is wrong, in the words of the library that Kubernetes reads YAML with.
  private static String problem(YamlEngineException failure) {
    if (!(failure instanceof MarkedYamlEngineException marked)) {
      return "yaml: control characters are not allowed";
    }
    int line = marked.getContextMark().map(Mark::getLine).orElse(0);
    if (line == 0) {
      line = marked.getProblemMark().map(Mark::getLine).orElse(0);
    }
    if (line > 0 && failure instanceof ScannerException) {
      line++; // the library counts lines from one here only
    }
    return "yaml: " + (line > 0 ? "line " + line + ": " : "") + problem(marked);
  }

  private static String problem(MarkedYamlEngineException failure) {
    String problem = String.valueOf(failure.getProblem());
    String context = String.valueOf(failure.getContext());
    if (problem.startsWith("expected ',' or ']'")) {
      return "did not find expected ',' or ']'";
    }
    if (problem.startsWith("expected ',' or '}'")) {
      return "did not find expected ',' or '}'";
    }
    if (problem.startsWith("expected <block end>")) {
      return context.contains("mapping")
          ? "did not find expected key"
          : "did not find expected '-' indicator";
    }
    if (problem.startsWith("expected '<document start>'")) {
      return "did not find expected <document start>";
    }
    if (problem.contains("that cannot start any token")) {
      return "found character that cannot start any token";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "mapping values are not allowed in this context";
    }
    if (problem.startsWith("sequence entries are not allowed")) {
      return "block sequence entries are not allowed in this context";
    }
    if (problem.startsWith("could not find expected ':'")) {
      return "could not find expected ':'";
    }
    if (problem.startsWith("found unexpected end of stream")) {
      return "found unexpected end of stream";
    }
    if (problem.startsWith("found unknown escape character")) {
      return "found unknown escape character";
    }
    return "did not find expected node content";
  }
}
