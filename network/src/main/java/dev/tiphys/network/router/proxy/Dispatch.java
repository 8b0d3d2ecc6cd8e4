package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.message.Answer;
import dev.tiphys.network.router.message.Destination;
import dev.tiphys.network.router.message.Forwarded;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.ErrorPages;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.RouteTable;
import org.jspecify.annotations.Nullable;

/// What becomes of the present request of a client: the table says which route is for it, filters
/// look at it, and it is answered or passed on.
///
/// Threads: the event loop.
final class Dispatch {

  private final ClientStream client;
  private final Worker worker;
  private final Listener listener;
  private final Forwarded forwarded;
  private @Nullable Exchange exchange;
  private @Nullable Filtering filtering;
  private @Nullable Account filtered; // of the request that filters look at

  Dispatch(ClientStream client, Worker worker, Listener listener, Forwarded forwarded) {
    this.client = client;
    this.worker = worker;
    this.listener = listener;
    this.forwarded = forwarded;
  }

  void begin(RequestHead asked, boolean http2) {
    RouteTable table = listener.table();
    Route route = table.route(asked);
    Account account = new Account(worker, asked, table.revision(), route, http2);
    if (route == null) {
      client.answer(Answer.page(404), account);
      return;
    }
    if (route.filters().isEmpty()) {
      act(route, asked, account);
      return;
    }
    Filtering looked =
        new Filtering(
            client, worker, asked, account, route.filters(), () -> act(route, asked, account));
    filtering = looked;
    filtered = account;
    looked.goOn();
  }

  private void act(Route route, RequestHead asked, Account account) {
    filtering = null;
    filtered = null;
    switch (route.action()) {
      case Action.Respond(int status, String type, String text) ->
          client.answer(new Answer(status, type, text, null), account);
      case Action.Redirect redirect ->
          client.answer(
              Answer.redirect(redirect.status(), Destination.of(redirect, asked)), account);
      case Action.Relocate redirect ->
          client.answer(
              Answer.redirect(redirect.status(), Destination.of(redirect, asked)), account);
      case Action.Forward forward ->
          pass(new Exchange(client, worker, asked, forward, route.errors(), account));
    }
  }

  private void pass(Exchange next) {
    exchange = next;
    next.begin(forwarded);
  }

  /// Shows the client a page in the place of an answer that failed.
  void showPage(RequestHead page, ErrorPages errors, Account account) {
    pass(new Exchange(client, worker, page, errors.forward(), null, account).withoutContent());
  }

  /// What passes the request on; null if nothing does, or not yet.
  @Nullable Exchange exchange() {
    return exchange;
  }

  /// The request is answered, as far as others have a part in it.
  void end() {
    exchange = null;
    filtering = null;
    filtered = null;
  }

  /// The client has gone.
  void cut() {
    Exchange cut = exchange;
    exchange = null;
    if (filtering != null && filtered != null) {
      filtering.cut();
      filtered.end(Exchange.CLIENT_GONE);
    }
    if (cut != null) {
      cut.onClientGone();
    }
  }
}
