#include "api/openapi.h"

namespace baton::api {

std::string_view openapi_paths() {
  return R"yaml(
openapi: 3.1.0
info:
  title: Baton
  version: 0.1.0
  summary: Runs event flows across microservices, orchestrated or choreographed.
  description: >-
    Events go in as CloudEvents; flows are deployed, started, listed and followed. What is acknowledged is durable. Every error is a
    problem (RFC 9457) whose type is a page of this server.
  license: { name: Apache-2.0, identifier: Apache-2.0 }
servers:
  - url: /
tags:
  - { name: events, description: Publish events and follow them live. }
  - { name: flows, description: Deploy flows and contracts; local views. }
  - { name: instances, description: "The runs of flows; where they stand, and why." }
  - { name: server, description: "Health, and this description." }
  - { name: doors, description: HTTP doors of the services that run in this process. }
paths:
  /v1/events:
    post:
      operationId: publishEvents
      tags: [events]
      summary: Publish one event or several.
      description: >-
        CloudEvents 1.0 over HTTP. Binary mode: attributes as ce-* headers, the body is the data. Structured mode: one event in JSON event
        format. Batched: an array of them; all are published or none. The answer comes once they are on disk. The same event again (same
        source and id) has no effect, so that sending again after an error is safe.
      parameters:
        - { name: ce-id, in: header, description: Binary mode. With ce-source it is the identity of the event., schema: { type: string } }
        - { name: ce-source, in: header, description: Binary mode., schema: { type: string } }
        - { name: ce-type, in: header, description: Binary mode., schema: { type: string } }
        - { name: ce-specversion, in: header, description: "Binary mode: 1.0.", schema: { const: '1.0' } }
        - { name: ce-correlationid, in: header, description: "Binary mode: the instance that the event belongs to.", schema: { type: string } }
      requestBody:
        required: true
        content:
          application/json: { schema: true }
          application/cloudevents+json: { schema: { $ref: '#/components/schemas/Event' } }
          application/cloudevents-batch+json: { schema: { type: array, items: { $ref: '#/components/schemas/Event' } } }
      responses:
        '202':
          description: Durable.
          content:
            application/json:
              schema: { oneOf: [ { $ref: '#/components/schemas/Receipt' }, { $ref: '#/components/schemas/Receipts' } ] }
        '400': { $ref: '#/components/responses/Problem' }
        '413': { $ref: '#/components/responses/Problem' }
        '415': { $ref: '#/components/responses/Problem' }
        '422':
          description: Refused by a contract or for want of a topic; none was published.
          content: { application/problem+json: { schema: { $ref: '#/components/schemas/EventsRefused' } } }
        '503': { $ref: '#/components/responses/TryAgain' }
    get:
      operationId: followEvents
      tags: [events]
      summary: Follow events live.
      description: >-
        Server-sent events: id is a cursor, data one CloudEvent in JSON event format. A client that comes back with Last-Event-ID misses
        nothing; `event: gap` says that retention has removed some, `event: lost` that records are damaged and gone, `event: error` (a problem as
        data) that the stream ends. Comments keep a silent stream alive.
      parameters:
        - { name: type, in: query, description: Only events of this type., schema: { type: string } }
        - { name: correlationid, in: query, description: Only events of this instance., schema: { type: string } }
        - { name: flow, in: query, description: "Only events that instances of this flow published: namespace/name.", schema: { type: string } }
        - { name: from, in: query, description: "start: all that is kept; now (the default): only what comes.", schema: { enum: [start, now] } }
        - { name: after, in: query, description: A cursor to go on after; Last-Event-ID goes first., schema: { type: string } }
        - { name: until, in: query, description: "now: end, with `event: end`, where there is nothing more at present.", schema: { enum: [now] } }
        - { name: Last-Event-ID, in: header, description: The id of the last event seen., schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/EventStream' }
        '400': { $ref: '#/components/responses/Problem' }
  /v1/deployments:
    post:
      operationId: deploy
      tags: [flows]
      summary: Deploy flows and contracts together.
      description: >-
        All documents of a request are checked together and deployed together, or not at all. Documents that one of them refers to are sent
        along. A single document may be sent as it is, in YAML.
      parameters:
        - { name: strategy, in: query, description: The default strategy instead of the one in the flow., schema: { $ref: '#/components/schemas/Strategy' } }
        - { name: name, in: query, description: "The file's name, for a YAML body.", schema: { type: string } }
      requestBody:
        required: true
        content:
          application/json: { schema: { $ref: '#/components/schemas/DeploymentRequest' } }
          application/yaml: { schema: { type: string } }
      responses:
        '201':
          description: Deployed; new instances run on it.
          content: { application/json: { schema: { $ref: '#/components/schemas/Deployment' } } }
        '400': { $ref: '#/components/responses/Problem' }
        '413': { $ref: '#/components/responses/Problem' }
        '415': { $ref: '#/components/responses/Problem' }
        '422':
          description: The documents have errors.
          content: { application/problem+json: { schema: { $ref: '#/components/schemas/DeploymentRefused' } } }
  /v1/flows:
    get:
      operationId: listFlows
      tags: [flows]
      summary: List the deployed flows, every version.
      responses:
        '200':
          description: By flow, newest version first.
          content:
            application/json:
              schema: { type: object, required: [flows], properties: { flows: { type: array, items: { $ref: '#/components/schemas/Flow' } } } }
  /v1/flows/{namespace}/{name}/views:
    get:
      operationId: projectFlow
      tags: [flows]
      summary: Local views, what each participant must know of the flow.
      parameters:
        - { $ref: '#/components/parameters/namespace' }
        - { $ref: '#/components/parameters/name' }
        - { name: version, in: query, description: "Default: the active one.", schema: { type: string } }
        - { name: service, in: query, description: "Default: all that take part.", schema: { type: string } }
      responses:
        '200':
          description: One view a service.
          content: { application/json: { schema: { $ref: '#/components/schemas/Views' } } }
        '404': { $ref: '#/components/responses/Problem' }
  /v1/flows/{namespace}/{name}/instances:
    post:
      operationId: startInstance
      tags: [instances]
      summary: Start an instance.
      parameters:
        - { $ref: '#/components/parameters/namespace' }
        - { $ref: '#/components/parameters/name' }
        - { name: version, in: query, description: "Default: the active one.", schema: { type: string } }
        - { name: id, in: query, description: "The instance's id; the same again is a conflict. Default: a new one.", schema: { type: string, minLength: 1, maxLength: 256 } }
      requestBody:
        description: "The flow's input; no body is {}."
        content: { application/json: { schema: true } }
      responses:
        '201':
          description: Started, durably.
          headers: { Location: { description: Where the instance is shown., schema: { type: string } } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Started' } } }
        '400': { $ref: '#/components/responses/Problem' }
        '404': { $ref: '#/components/responses/Problem' }
        '409': { $ref: '#/components/responses/Problem' }
        '415': { $ref: '#/components/responses/Problem' }
        '422': { $ref: '#/components/responses/Problem' }
        '503': { $ref: '#/components/responses/TryAgain' }
  /v1/instances:
    get:
      operationId: listInstances
      tags: [instances]
      summary: List instances, newest first.
      parameters:
        - { name: flow, in: query, description: namespace/name., schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { $ref: '#/components/schemas/Status' } }
        - { name: from, in: query, description: Started at or after., schema: { type: string, format: date-time } }
        - { name: to, in: query, description: Started before., schema: { type: string, format: date-time } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 1000, default: 50 } }
        - { name: cursor, in: query, description: next of the page before., schema: { type: string } }
      responses:
        '200':
          description: A page.
          content: { application/json: { schema: { $ref: '#/components/schemas/InstancePage' } } }
        '400': { $ref: '#/components/responses/Problem' }
  /v1/instances/{id}:
    get:
      operationId: showInstance
      tags: [instances]
      summary: Show one instance, its timeline, and why it is where it is.
      parameters:
        - { $ref: '#/components/parameters/id' }
        - { name: flow, in: query, description: "namespace/name, where several flows have an instance of this id.", schema: { type: string } }
      responses:
        '200':
          description: The instance.
          content: { application/json: { schema: { $ref: '#/components/schemas/InstanceDetail' } } }
        '404': { $ref: '#/components/responses/Problem' }
  /v1/instances/{id}/events:
    get:
      operationId: followInstance
      tags: [instances]
      summary: Follow the events of one instance until it ends.
      description: >-
        From its beginning; `event: end` and the end of the stream once the instance has ended (all of this id, where several flows have
        one).
      parameters:
        - { $ref: '#/components/parameters/id' }
        - { name: after, in: query, description: A cursor to go on after; Last-Event-ID goes first., schema: { type: string } }
        - { name: Last-Event-ID, in: header, description: The id of the last event seen., schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/EventStream' }
        '204': { description: It has ended and there is nothing after Last-Event-ID. }
        '400': { $ref: '#/components/responses/Problem' }
        '404': { $ref: '#/components/responses/Problem' }
  /v1/orphans:
    get:
      operationId: listOrphans
      tags: [events]
      summary: List events that no instance took, and why, newest first.
      parameters:
        - { name: type, in: query, description: Only of this type., schema: { type: string } }
        - { name: flow, in: query, description: 'Only those that were meant for this flow, namespace/name.', schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 1000, default: 50 } }
      responses:
        '200':
          description: The latest that are kept.
          content:
            application/json:
              schema: { type: object, required: [orphans], properties: { orphans: { type: array, items: { $ref: '#/components/schemas/Orphan' } } } }
        '400': { $ref: '#/components/responses/Problem' }
  /v1/contracts:
    get:
      operationId: listContracts
      tags: [flows]
      summary: List the contracts of the services, AsyncAPI 3.
      responses:
        '200':
          description: All versions.
          content:
            application/json:
              schema: { type: object, required: [contracts], properties: { contracts: { type: array, items: { $ref: '#/components/schemas/Contract' } } } }
  /openapi.json:
    get:
      operationId: describeApi
      tags: [server]
      summary: This description.
      responses:
        '200': { description: OpenAPI 3.1., content: { application/json: { schema: { type: object } } } }
  /problems/{problem}:
    get:
      operationId: explainProblem
      tags: [server]
      summary: What a problem means and what to do.
      parameters:
        - { name: problem, in: path, required: true, schema: { type: string } }
      responses:
        '200': { description: A page of text., content: { text/plain: { schema: { type: string } } } }
        '404': { $ref: '#/components/responses/Problem' }
  /healthz:
    get:
      operationId: health
      tags: [server]
      summary: Is the process well?
      responses:
        '200': { $ref: '#/components/responses/Health' }
        '503': { $ref: '#/components/responses/Health' }
  /readyz:
    get:
      operationId: readiness
      tags: [server]
      summary: May it be sent work?
      responses:
        '200': { $ref: '#/components/responses/Health' }
        '503': { $ref: '#/components/responses/Health' }
)yaml";
}

}  // namespace baton::api
