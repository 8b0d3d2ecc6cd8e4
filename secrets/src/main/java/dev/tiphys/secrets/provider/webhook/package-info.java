/// Stores that are any web server, asked as templates say.
package dev.tiphys.secrets.provider.webhook;
