package dev.tiphys.object.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtoTest {

  @Test
  void aMessageIsWrittenFromItsEnd() {
    ProtoWriter writer = new ProtoWriter(1);
    int end = writer.mark();
    writer.bool(4, true);
    writer.int64(3, -1);
    writer.string(1, "hi");
    writer.message(2, end);
    writer.int64(1, 300);

    assertThat(HexFormat.of().formatHex(writer.toBytes()))
        .isEqualTo("08ac02" + "1211" + "0a026869" + "18ffffffffffffffffff01" + "2001");
  }

  @Test
  void whatIsWrittenIsRead() {
    ProtoWriter writer = new ProtoWriter(1);
    writer.fixed64(5, 2.5);
    writer.bytes(4, new byte[300]);
    writer.int64(3, Long.MIN_VALUE);
    writer.string(2, "é");
    writer.int64(1, 0);

    ProtoReader reader = new ProtoReader(writer.toBytes());
    assertThat(reader.next()).isEqualTo(1);
    assertThat(reader.int64()).isZero();
    assertThat(reader.next()).isEqualTo(2);
    assertThat(reader.string()).isEqualTo("é");
    assertThat(reader.next()).isEqualTo(3);
    assertThat(reader.int64()).isEqualTo(Long.MIN_VALUE);
    assertThat(reader.next()).isEqualTo(4);
    reader.skip();
    assertThat(reader.next()).isEqualTo(5);
    assertThat(reader.fixed64()).isEqualTo(2.5);
    assertThat(reader.next()).isZero();
  }

  @Test
  void bytesThatEndTooEarlyAreRefused() {
    for (String hex : new String[] {"0a05", "08", "08ff", "00", "0f"}) {
      assertThatThrownBy(
              () -> {
                ProtoReader reader = new ProtoReader(HexFormat.of().parseHex(hex));
                reader.next();
                reader.skip();
              })
          .as(hex)
          .isInstanceOf(EncodingException.class);
    }
  }
}
