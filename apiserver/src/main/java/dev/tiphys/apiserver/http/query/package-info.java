/// What the query of a request says: its parameters, and the options that are made of them.
package dev.tiphys.apiserver.http.query;
