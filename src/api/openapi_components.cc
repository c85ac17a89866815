#include "api/openapi.h"

namespace baton::api {

std::string_view openapi_components() {
  return R"yaml(
parameters:
  namespace: { name: namespace, in: path, required: true, schema: { type: string } }
  name: { name: name, in: path, required: true, schema: { type: string } }
  id: { name: id, in: path, required: true, schema: { type: string } }
responses:
  Problem:
    description: Refused; the detail says why and what to do.
    content: { application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } } }
  TryAgain:
    description: Not now; try again after Retry-After seconds.
    headers: { Retry-After: { description: Seconds., schema: { type: integer } } }
    content: { application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } } }
  EventStream:
    description: Server-sent events.
    content: { text/event-stream: { schema: { type: string } } }
  Health:
    description: The checks.
    content: { application/json: { schema: { $ref: '#/components/schemas/Health' } } }
schemas:
  Strategy: { type: string, enum: [orchestration, choreography] }
  Status:
    type: string
    description: "running: a service is at work for it; waiting: for an event or a time, and for nothing else."
    enum: [pending, running, waiting, suspended, completed, faulted, cancelled]
  Time: { type: string, description: RFC 3339 in UTC with milliseconds. }
  TimeOrNull: { type: [string, 'null'], description: RFC 3339 in UTC with milliseconds. }
  Problem:
    type: object
    description: RFC 9457.
    required: [type, title, status, detail]
    properties:
      type: { type: string, description: "Stable; a page of this server." }
      title: { type: string }
      status: { type: integer }
      detail: { type: string }
  EventsRefused:
    allOf:
      - $ref: '#/components/schemas/Problem'
      - type: object
        required: [errors]
        properties:
          errors:
            type: array
            items:
              type: object
              required: [index, id, detail]
              properties: { index: { type: integer }, id: { type: string }, detail: { type: string } }
  DeploymentRefused:
    allOf:
      - $ref: '#/components/schemas/Problem'
      - type: object
        required: [diagnostics]
        properties: { diagnostics: { type: array, items: { $ref: '#/components/schemas/Diagnostic' } } }
  Diagnostic:
    type: object
    description: What is wrong with a document, where, and what to do.
    properties:
      code: { type: string }
      severity: { type: string, enum: [error, warning] }
      file: { type: string }
      line: { type: integer }
      column: { type: integer }
      pointer: { type: string, description: RFC 6901. }
      what: { type: string }
      remedy: { type: string }
  Event:
    type: object
    description: A CloudEvent 1.0 in JSON event format. Further members are extension attributes.
    required: [specversion, id, source, type]
    properties:
      specversion: { const: '1.0' }
      id: { type: string, minLength: 1 }
      source: { type: string, minLength: 1 }
      type: { type: string, minLength: 1 }
      subject: { type: string }
      time: { type: string, format: date-time }
      datacontenttype: { type: string }
      correlationid: { type: string, description: The instance it belongs to. }
      data: true
      data_base64: { type: string }
  Receipt:
    type: object
    required: [id]
    properties:
      id: { type: string }
      correlationid: { type: string, description: The instance that the event belongs to. }
  Receipts:
    type: object
    required: [events]
    properties: { events: { type: array, items: { $ref: '#/components/schemas/Receipt' } } }
  Orphan:
    type: object
    required: [at, id, source, type, reason]
    properties:
      at: { type: string, format: date-time, description: When it was found that nobody takes it. }
      id: { type: string }
      source: { type: string }
      type: { type: string }
      correlationid: { type: string }
      flow: { type: string, description: 'For which flow it was, as far as that can be told: namespace/name.' }
      reason: { type: string }
  DeploymentRequest:
    type: object
    required: [documents]
    properties:
      strategy: { $ref: '#/components/schemas/Strategy' }
      documents:
        type: array
        minItems: 1
        items:
          type: object
          required: [name, text]
          properties:
            name: { type: string, description: "The file's name; `$ref`s between documents use it." }
            text: { type: string, description: "A flow, a contract, or what one of them refers to; YAML or JSON." }
  Deployment:
    type: object
    required: [flows, contracts, diagnostics]
    properties:
      flows: { type: array, items: { $ref: '#/components/schemas/Flow' } }
      contracts: { type: array, items: { $ref: '#/components/schemas/Contract' } }
      diagnostics: { type: array, description: Warnings., items: { $ref: '#/components/schemas/Diagnostic' } }
  Flow:
    type: object
    required: [flow, version, strategy, active, instances]
    properties:
      flow: { type: string, description: namespace/name. }
      version: { type: string }
      title: { type: string }
      strategy: { $ref: '#/components/schemas/Strategy' }
      active: { type: boolean, description: New instances start with this version. }
      instances:
        type: object
        required: [running, completed, faulted, cancelled]
        properties:
          running: { type: integer, description: "Under way: also those that wait or are suspended." }
          completed: { type: integer }
          faulted: { type: integer }
          cancelled: { type: integer }
  Contract:
    type: object
    required: [service, version]
    properties:
      service: { type: string }
      version: { type: string }
      description: { type: string }
      document: { type: object, description: "AsyncAPI 3, references resolved." }
  Views:
    type: object
    required: [flow, views]
    properties:
      flow: { type: string }
      views:
        type: array
        items:
          type: object
          required: [service, text, view]
          properties:
            service: { type: string }
            text: { type: string, description: For people. }
            view: { type: object, description: The same as data. }
  Started:
    type: object
    required: [id, flow, version]
    properties: { id: { type: string }, flow: { type: string }, version: { type: string } }
  Instance:
    type: object
    required: [id, flow, version, strategy, status, started, updated, ended, at]
    properties:
      id: { type: string }
      flow: { type: string }
      version: { type: string }
      strategy: { $ref: '#/components/schemas/Strategy' }
      status: { $ref: '#/components/schemas/Status' }
      started: { $ref: '#/components/schemas/Time' }
      updated: { $ref: '#/components/schemas/Time' }
      ended: { $ref: '#/components/schemas/TimeOrNull' }
      at: { type: array, description: Pointers of the tasks where it stands., items: { type: string } }
      reason: { type: string, description: "Why it has faulted: the fault's detail, else its title or type, shortened." }
  InstancePage:
    type: object
    required: [instances, next, behind]
    properties:
      behind: { type: integer, description: Records that the monitor has not read yet. }
      instances: { type: array, items: { $ref: '#/components/schemas/Instance' } }
      next: { type: [string, 'null'], description: "cursor of the next page; null: that was all." }
  InstanceDetail:
    allOf:
      - $ref: '#/components/schemas/Instance'
      - type: object
        required: [behind, input, output, fault, timeline, timelineCut, why, also]
        properties:
          behind: { type: integer, description: Records that the monitor has not read yet. }
          input: { description: "What it was started with; null: not kept (it ended before inputs were)." }
          output: { description: "Of a completed instance; else null." }
          fault: { description: "Problem details of a faulted one; else null." }
          timeline: { type: array, description: Oldest first., items: { $ref: '#/components/schemas/Step' } }
          timelineCut: { type: boolean, description: "The oldest steps are no longer kept; the first one says how many." }
          why: { type: array, description: Why it is where it is; empty once it has ended., items: { $ref: '#/components/schemas/Reason' } }
          also:
            type: array
            description: "Other flows that have an instance of this id, namespace/name: ask with flow."
            items: { type: string }
  Step:
    type: object
    required: [kind, at, task, name, iteration, attempt, phase, what, by]
    properties:
      kind: { type: string, enum: [event, task, command, emit, timer, ended, gap] }
      at: { $ref: '#/components/schemas/Time' }
      task: { type: string, description: "JSON pointer into the flow; empty: the flow itself." }
      name: { type: string }
      iteration: { type: integer }
      attempt: { type: integer }
      phase: { type: string }
      what: { type: string, description: For people. }
      by: { type: string, description: "Who acts: a service, orchestrator, or empty." }
      data: { description: "Of an event, in brief: its data, or the short members of it." }
  Reason:
    type: object
    required: [task, name, what, who, since, due, types]
    properties:
      task: { type: string }
      name: { type: string }
      what: { type: string, description: A sentence for people. }
      who: { type: string, description: "Who is expected to act; empty: nobody in particular." }
      since: { $ref: '#/components/schemas/Time' }
      due: { $ref: '#/components/schemas/TimeOrNull' }
      types: { type: array, description: Event types that would wake it., items: { type: string } }
      fault: true
  Health:
    type: object
    required: [status, checks]
    properties:
      status: { type: string, enum: [ok, unavailable] }
      checks:
        type: array
        items:
          type: object
          required: [name, ok]
          properties: { name: { type: string }, ok: { type: boolean }, detail: { type: string } }
)yaml";
}

}  // namespace baton::api
