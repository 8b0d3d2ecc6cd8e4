/// Asking another program whether a request may go on.
package dev.tiphys.apiserver.authorization.webhook;
