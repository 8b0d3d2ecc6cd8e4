package dev.tiphys.descriptions;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Collects descriptions from the classes of upstream's Java client. Runs in the build.
///
/// Each class of its models stands for a type: an annotation of the class describes the type, an
/// annotation of each getter its field. What is written is a line for each: `= CLASS TAB TEXT` and
/// `FIELD TAB TEXT`.
public final class Collector {

  private static final String MODELS = "io/kubernetes/client/openapi/models";
  private static final String NAME = "Lcom/google/gson/annotations/SerializedName;";
  private static final String OF_FIELD = "Lio/swagger/annotations/ApiModelProperty;";
  private static final String OF_TYPE = "Lio/swagger/annotations/ApiModel;";

  private Collector() {}

  /// @param arguments the file to write
  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    Files.createDirectories(target.toAbsolutePath().getParent());
    URL models = Thread.currentThread().getContextClassLoader().getResource(MODELS);
    if (models == null) {
      throw new IOException("the Java client's models are not on the class path");
    }
    byte[] collected = collect(models);
    // What is newer than before makes every module above be compiled anew.
    if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), collected)) {
      Files.write(target, collected);
    }
  }

  private static byte[] collect(URL models) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String jar = models.toString().replaceAll("!.*", "");
    try (FileSystem files = FileSystems.newFileSystem(URI.create(jar), Map.of());
        Stream<Path> classes = Files.list(files.getPath(MODELS));
        BufferedWriter out =
            new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8))) {
      classes
          .filter(path -> path.toString().endsWith(".class") && !path.toString().contains("$"))
          .sorted()
          .forEach(path -> collect(path, out));
    }
    return bytes.toByteArray();
  }

  private static void collect(Path path, BufferedWriter out) {
    try {
      ClassModel model = ClassFile.of().parse(Files.readAllBytes(path));
      String name = path.getFileName().toString().replace(".class", "");
      out.write("=" + name + "\t" + oneLine(value(model, OF_TYPE, "description")) + "\n");
      Map<String, String> jsonNames = jsonNames(model);
      for (MethodModel method : model.methods()) {
        String text = value(method, OF_FIELD, "value");
        String field = jsonNames.get(property(method.methodName().stringValue()));
        if (field != null && !text.isEmpty()) {
          out.write(field + "\t" + oneLine(text) + "\n");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The names of fields in JSON, by their names in Java in lower case.
  private static Map<String, String> jsonNames(ClassModel model) {
    Map<String, String> names = new HashMap<>();
    for (FieldModel field : model.fields()) {
      String json = value(field, NAME, "value");
      if (!json.isEmpty()) {
        names.put(field.fieldName().stringValue().toLowerCase(Locale.ROOT), json);
      }
    }
    return names;
  }

  /// The property that a getter gets, in lower case.
  private static String property(String getter) {
    return getter.replaceFirst("^(get|is)", "").toLowerCase(Locale.ROOT);
  }

  private static String value(AttributedElement element, String annotation, String member) {
    List<Annotation> annotations =
        element
            .findAttribute(Attributes.runtimeVisibleAnnotations())
            .map(attribute -> attribute.annotations())
            .orElse(List.of());
    for (Annotation candidate : annotations) {
      if (candidate.className().stringValue().equals(annotation)) {
        for (AnnotationElement part : candidate.elements()) {
          if (part.name().stringValue().equals(member)
              && part.value() instanceof AnnotationValue.OfString text) {
            return text.stringValue();
          }
        }
      }
    }
    return "";
  }

  private static String oneLine(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ");
  }
}
