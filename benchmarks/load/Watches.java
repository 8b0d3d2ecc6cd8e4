import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.AsciiString;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// Opens many watches of ConfigMaps, a hundred to a connection as client programs do, then makes
/// one event and waits until all have got it. Prints the memory that a watch costs the server, and
/// how long the delivery took.
///
///     java -cp tiphys.jar Watches.java PORT TOKEN WATCHES PID
final class Watches {

  private static final int PER_CONNECTION = 100;
  private static final int ROUNDS = 5;

  private final int port;
  private final String token;
  private volatile CountDownLatch open;
  private volatile CountDownLatch told;
  private final List<Connection> connections = new ArrayList<>();

  private Watches(int port, String token) {
    this.port = port;
    this.token = token;
  }

  public static void main(String[] arguments) throws Exception {
    Watches watches = new Watches(Integer.parseInt(arguments[0]), arguments[1]);
    watches.measure(Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
    System.exit(0);
  }

  private void measure(int count, long server) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
    HttpClient writer = HttpClient.newBuilder().sslContext(trusting).build();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    open(loops, PER_CONNECTION); // what comes with the first ones is not counted
    write(writer, 0);
    long before = resident(server);
    open(loops, count - PER_CONNECTION);
    long after = resident(server);
    long best = Long.MAX_VALUE;
    for (int round = 1; round <= ROUNDS; round++) {
      told = new CountDownLatch(count);
      long begin = System.nanoTime();
      write(writer, round);
      if (!told.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException(told.getCount() + " watches were not told");
      }
      best = Math.min(best, System.nanoTime() - begin);
    }
    System.out.printf(
        "%-58s %.1f%n",
        "memory of one of %,d watches, KB".formatted(count),
        (after - before) / (double) (count - PER_CONNECTION));
    System.out.printf(
        "%-58s %d%n", "delivery of one event to all of them, ms", best / 1_000_000);
  }

  private static long resident(long pid) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IllegalStateException("no such process: " + pid);
  }

  private void write(HttpClient client, int round) throws Exception {
    String object =
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"event-%d"},"data":{"a":"b"}}
        """
            .formatted(round);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "https://127.0.0.1:" + port + "/api/v1/namespaces/default/configmaps"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(object))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(answer.body());
    }
  }

  private void open(EventLoopGroup loops, int count) throws Exception {
    open = new CountDownLatch(count);
    SslContext tls =
        SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2))
            .build();
    for (int left = count; left > 0; left -= PER_CONNECTION) {
      Connection connection = new ConnectionBuilder().build();
      connections.add(connection);
      Channel channel =
          new Bootstrap()
              .group(loops)
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()), connection);
                    }
                  })
              .connect("127.0.0.1", port)
              .sync()
              .channel();
      channel.eventLoop().execute(() -> connection.watch(PER_CONNECTION));
    }
    if (!open.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(open.getCount() + " watches did not open");
    }
  }

  private final class Connection extends Http2ConnectionHandler {
    private ChannelHandlerContext context;

    Connection(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      super(decoder, encoder, settings);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
      this.context = context;
      super.handlerAdded(context);
    }

    void watch(int count) {
      Http2Headers headers =
          new DefaultHttp2Headers()
              .method("GET")
              .scheme("https")
              .authority("127.0.0.1:" + port)
              .path("/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=1")
              .add(AsciiString.of("authorization"), "Bearer " + token);
      for (int i = 0; i < count; i++) {
        int id = connection().local().incrementAndGetNextStreamId();
        encoder().writeHeaders(context, id, headers, 0, true, context.newPromise());
      }
      context.flush();
    }
  }

  private final class ConnectionBuilder
      extends AbstractHttp2ConnectionHandlerBuilder<Connection, ConnectionBuilder> {

    ConnectionBuilder() {
      server(false);
      frameListener(
          new Http2EventAdapter() {
            @Override
            public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last) {
              onHeadersRead(context, id, headers, padding, last);
            }

            @Override
            public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers headers,
                int padding,
                boolean last) {
              if (!"200".contentEquals(headers.status())) {
                throw new IllegalStateException("a watch was refused: " + headers);
              }
              open.countDown();
            }

            @Override
            public int onDataRead(
                ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean last) {
              CountDownLatch waiting = told;
              if (waiting != null
                  && data.toString(StandardCharsets.UTF_8).contains("\"name\":\"event-")) {
                waiting.countDown();
              }
              return data.readableBytes() + padding;
            }
          });
    }

    @Override
    protected Connection build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Connection(decoder, encoder, settings);
    }

    @Override
    protected Connection build() {
      return super.build();
    }
  }
}
