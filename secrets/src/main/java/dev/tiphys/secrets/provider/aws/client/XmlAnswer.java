package dev.tiphys.secrets.provider.aws.client;

import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// The texts of an answer in XML by the names of their elements; the first counts. Document types
/// and entities of their own are not followed.
final class XmlAnswer {

  private static final int DEEPEST = 32;

  private final Map<String, String> texts = new HashMap<>();

  private XmlAnswer() {}

  /// @throws IllegalArgumentException if it is no XML
  static XmlAnswer parse(String xml) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    XmlAnswer answer = new XmlAnswer();
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
      answer.read(reader);
      reader.close();
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException("no XML", e);
    }
    return answer;
  }

  private void read(XMLStreamReader reader) throws XMLStreamException {
    String element = "";
    int depth = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          element = reader.getLocalName();
          if (++depth > DEEPEST) {
            throw new XMLStreamException("too deep");
          }
        }
        case XMLStreamConstants.CHARACTERS -> {
          if (!element.isEmpty() && !reader.isWhiteSpace()) {
            texts.putIfAbsent(element, reader.getText());
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          element = "";
          depth--;
        }
        default -> {} // comments and the like say nothing
      }
    }
  }

  /// Empty if there is none.
  String text(String element) {
    return texts.getOrDefault(element, "");
  }
}
